import { describe, expect, it } from 'vitest';
import { NotFound } from '../kernel/domain-error.ts';
import { specOf } from '../testing/given-when-then.ts';
import type { ParkingCommand } from './commands.ts';
import { MAX_PARKED, parkingDecider } from './decider.ts';
import { ItemBeingReplayed, MoneyStillOwed, NothingToReplay, TooManyParked } from './errors.ts';
import { MAX_DETAIL, type ParkingEvent, type ParkReason, parkingEvents } from './events.ts';
import { findItem, listItems, MAX_REMEMBERED } from './state.ts';

const { given } = specOf(parkingDecider, parkingEvents);

const at = '2026-01-05T10:00:00.000Z';
const later = '2026-01-05T11:00:00.000Z';
const subject = { group: 'fulfilment', kind: 'event', stream: 'order-o-1', revision: '0' } as const;
const why = { reason: 'permanent-error', detail: 'broken' } as const;
const park: ParkingCommand = { type: 'ParkItem', itemId: 'a', subject, ...why, at };
const parked = (itemId = 'a', more: Partial<Extract<ParkingEvent, { type: 'ItemParked' }>['data']> = {}) =>
  ({ type: 'ItemParked', data: { itemId, subject, ...why, parkedAt: at, ...more } }) as const;
const replay: ParkingCommand = { type: 'RequestReplay', itemId: 'a', requestedBy: 'olga', at };
const replaying = (itemId = 'a'): ParkingEvent => ({
  type: 'ParkedItemReplayRequested',
  data: { itemId, requestedBy: 'olga', requestedAt: at },
});
const resolved: ParkingEvent = { type: 'ParkedItemResolved', data: { itemId: 'a' } };
const discard: ParkingCommand = { type: 'DiscardItem', itemId: 'a', reason: 'a test', discardedBy: 'olga' };
const discarded: ParkingEvent = {
  type: 'ParkedItemDiscarded',
  data: { itemId: 'a', reason: 'a test', discardedBy: 'olga' },
};
const stateAfter = (...events: readonly ParkingEvent[]) =>
  events.reduce(parkingDecider.evolve, parkingDecider.initialState);

describe('parking an item', () => {
  it('records it once, until it is replayed', () => {
    given().when(park).then(parked());
    given(parked()).when(park).thenNothing();
    given(parked(), replaying())
      .when({ ...park, reason: 'retries-exhausted', detail: 'still broken' })
      .then(parked('a', { reason: 'retries-exhausted', detail: 'still broken' }));
    given(parked(), replaying(), resolved).when(park).then(parked());
  });
  it('needs only the id when the item is parked again', () => {
    const again: ParkingCommand = { type: 'ParkItem', itemId: 'a', ...why, at };
    given(parked(), replaying()).when(again).then(parked());
    given().when(again).thenNothing();
  });
  it('keeps the first and the last time, and the number of times', () => {
    const state = stateAfter(parked(), replaying(), parked('a', { parkedAt: later }));
    expect(findItem(state, 'a')).toMatchObject({ firstParkedAt: at, lastParkedAt: later, times: 2 });
  });
  it('cuts a long detail', () => {
    given()
      .when({ ...park, detail: 'x'.repeat(MAX_DETAIL + 1) })
      .then(parked('a', { detail: 'x'.repeat(MAX_DETAIL) }));
  });
  it('is rejected when 10,000 items are parked', () => {
    const full = Array.from({ length: MAX_PARKED }, (_, n) => parked(`i-${n}`));
    given(...full)
      .when(park)
      .thenRejects(TooManyParked, { limit: 10_000 });
    given(...full, {
      type: 'ParkedItemDiscarded',
      data: { ...discarded.data, itemId: 'i-7' },
    } as ParkingEvent)
      .when(park)
      .then(parked());
  });
});

describe('the list of parked items', () => {
  it('shows the item parked last first', () => {
    const items = listItems(stateAfter(parked('a'), parked('b'), replaying('a'), parked('a')));
    expect(items.map(({ itemId, times, status }) => [itemId, times, status])).toEqual([
      ['a', 2, 'parked'],
      ['b', 1, 'parked'],
    ]);
  });
  it('is filtered by reason, kind and order', () => {
    const wait = {
      group: 'fulfilment',
      kind: 'deadline',
      stream: 'fulfilment-o-2',
      type: 'payment',
    } as const;
    const state = stateAfter(
      parked('a', { subject: { ...subject, orderId: 'o-1' } }),
      parked('b', { subject: { ...wait, orderId: 'o-2' }, reason: 'worker-crashed' }),
      parked('c', { subject: { ...wait, orderId: 'o-1' } }),
    );
    const ids = (filter: Parameters<typeof listItems>[1]) =>
      listItems(state, filter).map(({ itemId }) => itemId);
    expect(ids({})).toEqual(['c', 'b', 'a']);
    expect(ids({ reason: 'worker-crashed' })).toEqual(['b']);
    expect(ids({ kind: 'deadline' })).toEqual(['c', 'b']);
    expect(ids({ orderId: 'o-1' })).toEqual(['c', 'a']);
    expect(ids({ kind: 'event', orderId: 'o-1', reason: 'permanent-error' })).toEqual(['a']);
    expect(ids({ kind: 'refund' })).toEqual([]);
  });
});

describe('an operator of the parking list', () => {
  it('replays an item; a second request records nothing', () => {
    given(parked()).when(replay).then(replaying());
    given(parked(), replaying()).when(replay).thenNothing();
    given(parked(), replaying(), parked()).when(replay).then(replaying());
    given().when(replay).thenRejects(NotFound, { what: 'parked item', id: 'a' });
  });
  it('discards an item with a reason, unless it is being replayed', () => {
    given(parked()).when(discard).then(discarded);
    given(parked(), replaying()).when(discard).thenRejects(ItemBeingReplayed, { itemId: 'a' });
    given(parked(), discarded).when(discard).thenRejects(NotFound, { what: 'parked item' });
  });
  const wait = {
    group: 'fulfilment',
    kind: 'deadline',
    stream: 'fulfilment-o-1',
    type: 'dispatch',
  } as const;
  it('cannot discard an item about money', () => {
    given(parked('a', { subject: { ...wait, type: 'payment', aboutMoney: true } }))
      .when(discard)
      .thenRejects(MoneyStillOwed, { itemId: 'a' });
  });
  it('can discard a wait that is not about money, which may be parked again later', () => {
    const item = parked('a', { subject: wait });
    given(item).when(discard).then(discarded);
    given(item, discarded)
      .when({ ...park, subject: wait })
      .then(item);
  });
});

describe('an item whose work is done', () => {
  it('leaves the list', () => {
    given(parked(), replaying()).when({ type: 'ResolveItem', itemId: 'a' }).then(resolved);
    given(parked(), replaying(), resolved).when({ type: 'ResolveItem', itemId: 'a' }).thenNothing();
    expect(listItems(stateAfter(parked(), replaying(), resolved))).toEqual([]);
  });
  it('stays on the list if it was parked again meanwhile', () => {
    const done: ParkingCommand = { type: 'ResolveItem', itemId: 'a', number: 1 };
    given(parked(), replaying()).when(done).then(resolved);
    given(parked(), replaying(), parked()).when(done).thenNothing();
  });
});

describe('a parked exception', () => {
  const exception = { group: 'fulfilment', kind: 'exception', stream: 'fulfilment-o-1', number: 1 } as const;
  const happened = parked('a', { subject: exception, reason: 'exception' });

  it('cannot be replayed, neither alone nor with all items', () => {
    given(happened).when(replay).thenRejects(NothingToReplay, { itemId: 'a' });
    given(happened)
      .when({ type: 'StartReplay', replayId: 'r', items: {}, requestedBy: 'olga', at })
      .thenNothing();
  });
  it('is not parked again after it was discarded', () => {
    given(happened).when(discard).then(discarded);
    given(happened, discarded).when(park).thenNothing();
  });
  it('is forgotten when 10,000 others were discarded after it', () => {
    const all = Array.from({ length: MAX_REMEMBERED + 1 }, (_, n): ParkingEvent[] => [
      parked(`i-${n}`, { subject: exception }),
      { type: 'ParkedItemDiscarded', data: { itemId: `i-${n}`, reason: 'a test', discardedBy: 'olga' } },
    ]).flat();
    const { values } = stateAfter(...all).discarded;
    expect(['i-0', 'i-1', `i-${MAX_REMEMBERED}`].map((id) => values.get(id))).toEqual([
      undefined,
      true,
      true,
    ]);
  });
});

it.each([
  'permanent-error',
  'retries-exhausted',
  'worker-crashed',
  'call-refused',
  'exception',
] satisfies ParkReason[])('an item can be parked for the reason %s', (reason) => {
  given()
    .when({ ...park, reason })
    .then(parked('a', { reason }));
});
