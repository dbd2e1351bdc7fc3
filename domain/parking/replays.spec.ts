import { describe, expect, it } from 'vitest';
import { NotFound } from '../kernel/domain-error.ts';
import { specOf } from '../testing/given-when-then.ts';
import type { ParkingCommand, StartReplay } from './commands.ts';
import { parkingDecider } from './decider.ts';
import { type ParkingEvent, parkingEvents } from './events.ts';
import { MAX_REQUESTED_AT_ONCE } from './replays.ts';
import { findItem } from './state.ts';

const { given } = specOf(parkingDecider, parkingEvents);

const at = '2026-01-05T10:00:00.000Z';
const msLater = (ms: number) => new Date(Date.parse(at) + ms).toISOString();
const parked = (itemId: string, orderId = 'o-1'): ParkingEvent => ({
  type: 'ItemParked',
  data: {
    itemId,
    subject: { group: 'fulfilment', kind: 'event', stream: `order-${orderId}`, revision: '0', orderId },
    reason: 'permanent-error',
    detail: 'broken',
    parkedAt: at,
  },
});
const start = (more: Partial<StartReplay> = {}): StartReplay => ({
  type: 'StartReplay',
  replayId: 'r',
  items: {},
  requestedBy: 'olga',
  at,
  ...more,
});
const started = (itemIds: string[], perSecond?: number): ParkingEvent => ({
  type: 'ItemsReplayStarted',
  data: { replayId: 'r', itemIds, ...(perSecond !== undefined && { perSecond }), requestedBy: 'olga' },
});
const requested = (itemId: string, requestedAt = at): ParkingEvent => ({
  type: 'ParkedItemReplayRequested',
  data: { itemId, replayId: 'r', requestedBy: 'olga', requestedAt },
});
const alone = (itemId: string): ParkingEvent => ({
  type: 'ParkedItemReplayRequested',
  data: { itemId, requestedBy: 'olga', requestedAt: at },
});
const resolved = (itemId: string): ParkingEvent => ({ type: 'ParkedItemResolved', data: { itemId } });
const finished: ParkingEvent = { type: 'ItemsReplayFinished', data: { replayId: 'r' } };
const cancel: ParkingCommand = { type: 'CancelReplay', replayId: 'r', cancelledBy: 'otto' };
const cancelled = (...itemIds: string[]): ParkingEvent => ({
  type: 'ItemsReplayCancelled',
  data: { replayId: 'r', cancelledBy: 'otto', itemIds },
});
const next = (at: string): ParkingCommand => ({ type: 'ContinueReplays', at });

describe('a replay of many items', () => {
  it('requests all of them, the oldest first', () =>
    given(parked('a'), parked('b'))
      .when(start())
      .then(started(['a', 'b']), requested('a'), requested('b')));

  it('requests those that match the filter', () =>
    given(parked('a'), parked('b', 'o-2'))
      .when(start({ items: { orderId: 'o-2' } }))
      .then(started(['b']), requested('b')));

  it('requests those with the given ids that are still parked, each once', () =>
    given(parked('a'), parked('b'), alone('b'))
      .when(start({ items: { ids: ['a', 'b', 'gone', 'a'] } }))
      .then(started(['a']), requested('a')));

  it('records nothing when no item can be replayed', () => {
    given().when(start()).thenNothing();
    given(parked('a'), alone('a')).when(start()).thenNothing();
  });

  it('requests at most 500 items in one write', () => {
    const ids = Array.from({ length: MAX_REQUESTED_AT_ONCE + 1 }, (_, n) => `i-${n}`);
    const [first, last] = [ids.slice(0, -1), ids.slice(-1)];
    const all = ids.map((id) => parked(id));
    given(...all)
      .when(start())
      .then(started(ids), ...first.map((id) => requested(id)));
    given(...all, started(ids), ...first.map((id) => requested(id)))
      .when(next(at))
      .then(...last.map((id) => requested(id)));
  });

  it('finishes when each item was resolved, discarded or parked again', () => {
    const running = [parked('a'), parked('b'), started(['a', 'b']), requested('a'), requested('b')];
    given(...running)
      .when(next(msLater(9_000)))
      .thenNothing();
    given(...running, resolved('a'))
      .when(next(msLater(9_000)))
      .thenNothing();
    given(...running, resolved('a'), parked('b'))
      .when(next(msLater(9_000)))
      .then(finished);
    given(...running, resolved('a'), parked('b'), finished)
      .when(next(msLater(9_000)))
      .thenNothing();
  });
});

describe('a replay with a maximum rate', () => {
  const ids = ['a', 'b', 'c', 'd', 'e'];
  const running = [...ids.map((id) => parked(id)), started(ids, 2), requested('a'), requested('b')];

  it('requests at most perSecond items at once, and the next ones a second later', () => {
    given(...ids.map((id) => parked(id)))
      .when(start({ perSecond: 2 }))
      .then(started(ids, 2), requested('a'), requested('b'));
    given(...running)
      .when(next(msLater(999)))
      .thenNothing();
    given(...running)
      .when(next(msLater(1_000)))
      .then(requested('c', msLater(1_000)), requested('d', msLater(1_000)));
  });
  it('counts the second from the last request, however late that was', () => {
    const late = [requested('c', msLater(1_900)), requested('d', msLater(1_900))];
    given(...running, ...late)
      .when(next(msLater(2_000)))
      .thenNothing();
    given(...running, ...late)
      .when(next(msLater(2_900)))
      .then(requested('e', msLater(2_900)));
  });
  it('skips items that are no longer parked', () => {
    given(...running, alone('c'), resolved('c'), alone('d'))
      .when(next(msLater(1_000)))
      .then(requested('e', msLater(1_000)));
  });
  it('finishes when its last items were resolved before they were requested', () => {
    const gone = ids.slice(2).flatMap((id) => [alone(id), resolved(id)]);
    given(...running, resolved('a'), resolved('b'), ...gone)
      .when(next(msLater(1_000)))
      .then(finished);
  });
});

describe('a cancelled replay', () => {
  const running = [parked('a'), parked('b'), started(['a', 'b'], 1), requested('a')];

  it('requests no further item; items that are not handled yet are parked as before', () => {
    given(...running)
      .when(cancel)
      .then(cancelled('a'));
    given(...running, cancelled('a'))
      .when(next(msLater(1_000)))
      .thenNothing();
    const state = given(...running, cancelled('a')).state();
    expect(['a', 'b'].map((id) => findItem(state, id)?.status)).toEqual(['parked', 'parked']);
    expect(findItem(state, 'a')).toMatchObject({ times: 1 });
  });
  it('lets an item that is being handled finish', () =>
    given(...running, cancelled('a'))
      .when({ type: 'ResolveItem', itemId: 'a', number: 1 })
      .then(resolved('a')));
  it('is cancelled once; one that has finished stays finished', () => {
    given(...running, cancelled('a'))
      .when(cancel)
      .thenNothing();
    given(...running, resolved('a'), finished)
      .when(cancel)
      .thenNothing();
    given().when(cancel).thenRejects(NotFound, { what: 'replay', id: 'r' });
  });
  it('does not park items that another request replays', () => {
    const state = given(...running, parked('a'), alone('a'), cancelled()).state();
    expect(findItem(state, 'a')?.status).toBe('replaying');
  });
});
