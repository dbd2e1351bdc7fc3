import { type Decider, unchanged } from '../kernel/decider.ts';
import { NotFound, unhandled } from '../kernel/domain-error.ts';
import type { DiscardItem, ParkItem, ParkingCommand, RequestReplay } from './commands.ts';
import { ItemBeingReplayed, MoneyStillOwed, NothingToReplay, TooManyParked } from './errors.ts';
import { MAX_DETAIL, type ParkingEvent } from './events.ts';
import {
  cancelReplay,
  continueReplays,
  endReplay,
  parkAgain,
  replayOf,
  startReplay,
  updateReplay,
} from './replays.ts';
import { findItem, initialParking, type ParkedItem, type ParkingState, remember } from './state.ts';

/** Maximum number of items parked at a time. Further failing work is retried instead. */
export const MAX_PARKED = 10_000;

/** The list of parked items of all process managers, and the replays that operators request. */
export const parkingDecider: Decider<ParkingState, ParkingCommand, ParkingEvent> = {
  decide,
  evolve,
  initialState: initialParking,
};

function decide(command: ParkingCommand, state: ParkingState): readonly ParkingEvent[] {
  switch (command.type) {
    case 'ParkItem':
      return park(command, state);
    case 'RequestReplay':
      return requestReplay(command, state);
    case 'ResolveItem': {
      const { itemId } = command;
      const item = findItem(state, itemId);
      if (item === undefined || item.number !== (command.number ?? item.number)) return [];
      return [{ type: 'ParkedItemResolved', data: { itemId } }];
    }
    case 'DiscardItem':
      return discard(command, state);
    case 'StartReplay':
      return startReplay(command, state);
    case 'CancelReplay':
      return cancelReplay(command, state);
    case 'ContinueReplays':
      return continueReplays(command, state);
    case 'ReadParking':
      return [];
    default:
      return unhandled(command);
  }
}

function evolve(state: ParkingState, event: ParkingEvent): ParkingState {
  switch (event.type) {
    case 'ItemParked': {
      const { parkedAt, ...parked } = event.data;
      const known = findItem(state, parked.itemId);
      const number = state.lastNumber + 1;
      const item: ParkedItem = {
        ...parked,
        firstParkedAt: known?.firstParkedAt ?? parkedAt,
        lastParkedAt: parkedAt,
        times: (known?.times ?? 0) + 1,
        number,
        status: 'parked',
      };
      return { ...handled(state, known), open: state.open.set(parked.itemId, item), lastNumber: number };
    }
    case 'ParkedItemReplayRequested': {
      const { itemId, replayId, requestedAt } = event.data;
      const item = findItem(state, itemId);
      if (item === undefined) return state;
      const requested = {
        ...state,
        open: state.open.set(itemId, { ...item, status: 'replaying', replayId }),
      };
      return updateReplay(requested, replayId, ({ itemIds, next, unfinished }) => ({
        next: itemIds.indexOf(itemId, next) + 1,
        unfinished: unfinished + 1,
        lastRequestedAt: requestedAt,
      }));
    }
    case 'ParkedItemResolved':
      return closed(state, event.data.itemId);
    case 'ParkedItemDiscarded': {
      const { itemId } = event.data;
      if (findItem(state, itemId)?.subject.kind !== 'exception') return closed(state, itemId);
      return { ...closed(state, itemId), discarded: remember(state.discarded, itemId, true) };
    }
    case 'ItemsReplayStarted':
      return { ...state, replays: [...state.replays, replayOf(event.data)] };
    case 'ItemsReplayCancelled':
      return parkAgain(endReplay(state, event.data.replayId, 'cancelled'), event.data.itemIds);
    case 'ItemsReplayFinished':
      return endReplay(state, event.data.replayId, 'finished');
    default:
      return unchanged(state, event);
  }
}

const closed = (state: ParkingState, itemId: string): ParkingState => ({
  ...handled(state, findItem(state, itemId)),
  open: state.open.delete(itemId),
});

/** Counts an item of a running replay as handled. */
const handled = (state: ParkingState, item: ParkedItem | undefined): ParkingState =>
  item?.status !== 'replaying'
    ? state
    : updateReplay(state, item.replayId, ({ unfinished }) => ({ unfinished: unfinished - 1 }));

function park(command: ParkItem, state: ParkingState): readonly ParkingEvent[] {
  const { itemId, reason, detail, at } = command;
  const item = findItem(state, itemId);
  const subject = item?.subject ?? command.subject;
  const isDiscarded = state.discarded.values.has(itemId);
  if (item?.status === 'parked' || subject === undefined || isDiscarded) return [];
  if (item === undefined && state.open.size >= MAX_PARKED) throw new TooManyParked(MAX_PARKED);
  return [
    {
      type: 'ItemParked',
      data: { itemId, subject, reason, detail: detail.slice(0, MAX_DETAIL), parkedAt: at },
    },
  ];
}

function requestReplay(
  { itemId, requestedBy, at }: RequestReplay,
  state: ParkingState,
): readonly ParkingEvent[] {
  const { status, subject } = existing(state, itemId);
  if (subject.kind === 'exception') throw new NothingToReplay(itemId);
  if (status === 'replaying') return [];
  return [{ type: 'ParkedItemReplayRequested', data: { itemId, requestedBy, requestedAt: at } }];
}

function discard({ itemId, reason, discardedBy }: DiscardItem, state: ParkingState): readonly ParkingEvent[] {
  const { status, subject } = existing(state, itemId);
  if (subject.aboutMoney) throw new MoneyStillOwed(itemId);
  if (status === 'replaying') throw new ItemBeingReplayed(itemId);
  return [{ type: 'ParkedItemDiscarded', data: { itemId, reason, discardedBy } }];
}

function existing(state: ParkingState, itemId: string): ParkedItem {
  const item = findItem(state, itemId);
  if (item === undefined) throw new NotFound('parked item', itemId);
  return item;
}
