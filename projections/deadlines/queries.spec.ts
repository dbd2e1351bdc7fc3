import { afterEach, expect, test } from 'vitest';
import { orderId } from '../../domain/kernel/ids.ts';
import { sqliteReadStore } from '../../read-store/testing/adapters.ts';
import { deadlineSet } from '../testing/events.ts';
import { fold } from '../testing/fold.ts';
import { TestLog } from '../testing/log.ts';
import type { DeadlineDocument } from './document.ts';
import { deadlinesProjection } from './projection.ts';
import { dueDeadlines } from './queries.ts';

const store = sqliteReadStore();
afterEach(() => store.dispose());

test('what is due, the longest due first, without what has ended or is not due yet', async () => {
  const log = new TestLog();
  log.record('fulfilment-o1', deadlineSet('o1', 'd1', '2026-03-01T12:00:05.000Z'));
  log.record('fulfilment-o2', deadlineSet('o2', 'd2', '2026-03-01T12:00:04Z'));
  log.record('fulfilment-o3', deadlineSet('o3', 'd3', '2026-03-01T12:00:05.001Z'));
  log.record('fulfilment-o4', deadlineSet('o4', 'd4', '2026-03-01T12:00:00.000Z'));
  log.record('fulfilment-o4', { type: 'FulfilmentPaid', data: { orderId: orderId('o4') } });
  const deadlines = await (await store.open()).generation<DeadlineDocument>(deadlinesProjection, 1);
  await deadlines.commit([...fold(deadlinesProjection, log.events).values()], {
    commit: 500n,
    prepare: 500n,
  });

  const now = new Date('2026-03-01T12:00:05.000Z');
  expect(await dueDeadlines(deadlines, now, 10)).toEqual([
    { orderId: 'o2', deadlineId: 'd2', dueAt: '2026-03-01T12:00:04Z' },
    { orderId: 'o1', deadlineId: 'd1', dueAt: '2026-03-01T12:00:05.000Z' },
  ]);
  expect(await dueDeadlines(deadlines, now, 1)).toHaveLength(1);
});
