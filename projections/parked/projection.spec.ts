import { expect, it } from 'vitest';
import type { ParkingEvent } from '../../domain/parking/events.ts';
import { bodies, differencesAfterCrashes, fold } from '../testing/fold.ts';
import { TestLog } from '../testing/log.ts';
import { parkedProjection } from './projection.ts';

const STREAM = 'parking-list';
const FIRST = '2026-03-01T12:00:00.000Z';
const AGAIN = '2026-03-01T13:00:00.000Z';
const parked = (itemId: string, parkedAt = FIRST): ParkingEvent => ({
  type: 'ItemParked',
  data: {
    itemId,
    subject: { group: 'fulfilment', kind: 'event', stream: 'order-o1', revision: '0', orderId: 'o1' },
    reason: 'permanent-error',
    detail: 'TypeError: broken',
    parkedAt,
  },
});
const requested = (itemId: string): ParkingEvent => ({
  type: 'ParkedItemReplayRequested',
  data: { itemId, replayId: 'r', requestedBy: 'olga', requestedAt: FIRST },
});
const resolved = (itemId: string): ParkingEvent => ({ type: 'ParkedItemResolved', data: { itemId } });
const cancelled = (...itemIds: string[]): ParkingEvent => ({
  type: 'ItemsReplayCancelled',
  data: { replayId: 'r', cancelledBy: 'olga', itemIds },
});

const logOf = (...events: readonly ParkingEvent[]) => {
  const log = new TestLog();
  for (const event of events) log.record(STREAM, event);
  return log;
};
const itemsAfter = (...events: readonly ParkingEvent[]) =>
  Object.fromEntries(
    Object.entries(bodies(fold(parkedProjection, logOf(...events).events))).map(([id, { item }]) => [
      id,
      item,
    ]),
  );

it('the list of parked items shows what an item is about and why it is parked', () => {
  expect(itemsAfter(parked('a'))).toEqual({
    a: {
      id: 'a',
      group: 'fulfilment',
      kind: 'event',
      stream: 'order-o1',
      revision: '0',
      orderId: 'o1',
      reason: 'permanent-error',
      detail: 'TypeError: broken',
      firstAt: FIRST,
      at: FIRST,
      times: 1,
      status: 'parked',
    },
  });
});

it('the list of parked items counts how often an item was parked, and keeps the first time', () => {
  expect(itemsAfter(parked('a'), requested('a'), parked('a', AGAIN))).toMatchObject({
    a: { firstAt: FIRST, at: AGAIN, times: 2, status: 'parked' },
  });
});

it('the list of parked items shows which are being replayed, until the replay is cancelled', () => {
  const replaying = [parked('a'), parked('b'), requested('a'), requested('b'), resolved('b')];
  expect(itemsAfter(...replaying)).toMatchObject({ a: { status: 'replaying' }, b: undefined });
  expect(itemsAfter(...replaying, cancelled('a'))).toMatchObject({ a: { status: 'parked' }, b: undefined });
});

it('the list of parked items loses an item whose work is done or discarded; parked later, the item counts from one', () => {
  const discarded: ParkingEvent = {
    type: 'ParkedItemDiscarded',
    data: { itemId: 'a', reason: 'a test', discardedBy: 'olga' },
  };
  expect(itemsAfter(parked('a'), requested('a'), resolved('a'))).toEqual({ a: undefined });
  expect(itemsAfter(parked('a'), discarded)).toEqual({ a: undefined });
  expect(itemsAfter(parked('a'), discarded, parked('a', AGAIN))).toMatchObject({
    a: { firstAt: AGAIN, times: 1 },
  });
});

it('the list of parked items is the same after a crash', () => {
  const { events } = logOf(
    parked('a'),
    parked('b'),
    requested('a'),
    requested('b'),
    parked('a', AGAIN),
    cancelled('b'),
    resolved('b'),
  );
  expect(differencesAfterCrashes(parkedProjection, events)).toEqual([]);
});
