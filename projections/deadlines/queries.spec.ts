import { afterEach, expect, it } from 'vitest';
import { orderId } from '../../domain/kernel/ids.ts';
import { sqliteReadStore } from '../../read-store/testing/adapters.ts';
import { deadlineSet } from '../testing/events.ts';
import { fold } from '../testing/fold.ts';
import { TestLog } from '../testing/log.ts';
import type { DeadlineDocument } from './document.ts';
import { deadlinesProjection } from './projection.ts';
import { dueDeadlines, strayDeadlines } from './queries.ts';

const store = sqliteReadStore();
afterEach(() => store.dispose());

it('finds due deadlines, the earliest first', async () => {
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
    {
      orderId: 'o2',
      deadlineId: 'd2',
      waitingFor: 'payment',
      attempt: 1,
      setAt: '2026-03-01T12:00:02.000Z',
      dueAt: '2026-03-01T12:00:04Z',
    },
    {
      orderId: 'o1',
      deadlineId: 'd1',
      waitingFor: 'payment',
      attempt: 1,
      setAt: '2026-03-01T12:00:01.000Z',
      dueAt: '2026-03-01T12:00:05.000Z',
    },
  ]);
  expect(await dueDeadlines(deadlines, now, 1)).toHaveLength(1);
});

it('finds deadlines that are later than the maximum duration of their kind', async () => {
  const log = new TestLog();
  log.record('fulfilment-o1', deadlineSet('o1', 'd1', '2036-03-01T12:00:00.000Z'));
  log.record('fulfilment-o2', deadlineSet('o2', 'd2', '2026-03-01T12:01:00.001Z'));
  log.record('fulfilment-o3', deadlineSet('o3', 'd3', '2026-03-01T12:01:00.000Z'));
  log.record('fulfilment-o4', deadlineSet('o4', 'd4', '2026-03-01T13:00:00.000Z', 'dispatch'));
  const deadlines = await (await store.open()).generation<DeadlineDocument>(deadlinesProjection, 1);
  await deadlines.commit([...fold(deadlinesProjection, log.events).values()], {
    commit: 500n,
    prepare: 500n,
  });

  const now = new Date('2026-03-01T12:00:00.000Z');
  const longestMs = (kind: string) => (kind === 'dispatch' ? 3_600_000 : 60_000);
  const found = await strayDeadlines(deadlines, now, longestMs, 10);
  expect(found.map(({ orderId }) => orderId)).toEqual(['o2', 'o1']);
  expect(await strayDeadlines(deadlines, now, longestMs, 1)).toHaveLength(1);
});
