import { afterEach, expect, it } from 'vitest';
import { orderId } from '../../domain/kernel/ids.ts';
import { sqliteReadStore } from '../../read-store/testing/adapters.ts';
import { timeoutScheduled } from '../testing/events.ts';
import { fold } from '../testing/fold.ts';
import { TestLog } from '../testing/log.ts';
import type { DeadlineDocument } from './document.ts';
import { deadlinesProjection } from './projection.ts';
import { dueTimeouts, strayTimeouts } from './queries.ts';

const kinds = ['payment', 'dispatch'];
const store = sqliteReadStore();
afterEach(() => store.dispose());

it('dueTimeouts finds due timeouts of the given kinds, the earliest first', async () => {
  const log = new TestLog();
  log.record('fulfilment-o1', timeoutScheduled('o1', 'd1', '2026-03-01T12:00:05.000Z'));
  log.record('fulfilment-o2', timeoutScheduled('o2', 'd2', '2026-03-01T12:00:04Z'));
  log.record('fulfilment-o3', timeoutScheduled('o3', 'd3', '2026-03-01T12:00:05.001Z'));
  log.record('fulfilment-o4', timeoutScheduled('o4', 'd4', '2026-03-01T12:00:00.000Z'));
  log.record('fulfilment-o4', { type: 'FulfilmentPaid', data: { orderId: orderId('o4') } });
  const deadlines = await (await store.open()).generation<DeadlineDocument>(deadlinesProjection, 1);
  await deadlines.commit([...fold(deadlinesProjection, log.events).values()], {
    commit: 500n,
    prepare: 500n,
  });

  const now = new Date('2026-03-01T12:00:05.000Z');
  expect(await dueTimeouts(deadlines, { kinds, now, limit: 10 })).toEqual([
    {
      stream: 'fulfilment-o2',
      timeoutId: 'd2',
      waitingFor: 'payment',
      attempt: 1,
      scheduledAt: '2026-03-01T12:00:02.000Z',
      dueAt: '2026-03-01T12:00:04Z',
    },
    {
      stream: 'fulfilment-o1',
      timeoutId: 'd1',
      waitingFor: 'payment',
      attempt: 1,
      scheduledAt: '2026-03-01T12:00:01.000Z',
      dueAt: '2026-03-01T12:00:05.000Z',
    },
  ]);
  expect(await dueTimeouts(deadlines, { kinds, now, limit: 1 })).toHaveLength(1);
  expect(await dueTimeouts(deadlines, { kinds: ['dispatch'], now, limit: 10 })).toEqual([]);
});

it('strayTimeouts finds timeouts that are later than the maximum duration of their kind', async () => {
  const log = new TestLog();
  log.record('fulfilment-o1', timeoutScheduled('o1', 'd1', '2036-03-01T12:00:00.000Z'));
  log.record('fulfilment-o2', timeoutScheduled('o2', 'd2', '2026-03-01T12:01:00.001Z'));
  log.record('fulfilment-o3', timeoutScheduled('o3', 'd3', '2026-03-01T12:01:00.000Z'));
  log.record('fulfilment-o4', timeoutScheduled('o4', 'd4', '2026-03-01T13:00:00.000Z', 'dispatch'));
  const deadlines = await (await store.open()).generation<DeadlineDocument>(deadlinesProjection, 1);
  await deadlines.commit([...fold(deadlinesProjection, log.events).values()], {
    commit: 500n,
    prepare: 500n,
  });

  const now = new Date('2026-03-01T12:00:00.000Z');
  const maxMs = (kind: string) => (kind === 'dispatch' ? 3_600_000 : 60_000);
  const found = await strayTimeouts(deadlines, { kinds, now, maxMs, limit: 10 });
  expect(found.map(({ stream }) => stream)).toEqual(['fulfilment-o2', 'fulfilment-o1']);
  expect(await strayTimeouts(deadlines, { kinds, now, maxMs, limit: 1 })).toHaveLength(1);
});
