import { NotFound } from '../kernel/domain-error.ts';
import type { CancelReplay, ContinueReplays, StartReplay } from './commands.ts';
import type { ParkingEvent } from './events.ts';
import {
  type EndedReplay,
  listItems,
  type ParkedItem,
  type ParkingState,
  type RunningReplay,
  remember,
} from './state.ts';

/** Maximum number of items requested in one write, which may carry 1 MiB. */
export const MAX_REQUESTED_AT_ONCE = 500;
const SECOND_MS = 1_000;

/** Starts a replay of those items that can be replayed now, the oldest first. */
export function startReplay(command: StartReplay, state: ParkingState): readonly ParkingEvent[] {
  const { replayId, items, perSecond, requestedBy, at } = command;
  const found =
    'ids' in items ? items.ids.map((itemId) => state.open.get(itemId)) : listItems(state, items).toReversed();
  const itemIds = [...new Set(found.filter(isReplayable).map(({ itemId }) => itemId))];
  if (itemIds.length === 0) return [];
  const started: ParkingEvent = {
    type: 'ItemsReplayStarted',
    data: { replayId, itemIds, ...(perSecond !== undefined && { perSecond }), requestedBy },
  };
  return [started, ...continueReplay(replayOf(started.data), state, at)];
}

/** Requests the next items of each replay that is due, and finishes replays whose items were all handled. */
export const continueReplays = ({ at }: ContinueReplays, state: ParkingState): readonly ParkingEvent[] =>
  state.replays.flatMap((replay) => continueReplay(replay, state, at));

function continueReplay(replay: RunningReplay, state: ParkingState, at: string): readonly ParkingEvent[] {
  const { replayId, itemIds, next, perSecond, requestedBy, unfinished } = replay;
  const left = itemIds.slice(next).filter((itemId) => isReplayable(state.open.get(itemId)));
  if (left.length === 0) return unfinished > 0 ? [] : [{ type: 'ItemsReplayFinished', data: { replayId } }];
  if (!isDue(replay, at)) return [];
  return left.slice(0, Math.min(perSecond ?? MAX_REQUESTED_AT_ONCE, MAX_REQUESTED_AT_ONCE)).map((itemId) => ({
    type: 'ParkedItemReplayRequested',
    data: { itemId, replayId, requestedBy, requestedAt: at },
  }));
}

/** At least a second passes between two batches, so no second sees more than `perSecond` items. */
const isDue = ({ perSecond, lastRequestedAt }: RunningReplay, at: string): boolean =>
  perSecond === undefined ||
  lastRequestedAt === undefined ||
  Date.parse(at) - Date.parse(lastRequestedAt) >= SECOND_MS;

/** Cancels a running replay. Records nothing when the replay has ended already. */
export function cancelReplay(
  { replayId, cancelledBy }: CancelReplay,
  state: ParkingState,
): readonly ParkingEvent[] {
  if (state.replays.some((replay) => replay.replayId === replayId))
    return [
      {
        type: 'ItemsReplayCancelled',
        data: { replayId, cancelledBy, itemIds: requestedItems(state, replayId) },
      },
    ];
  if (!state.endedReplays.values.has(replayId)) throw new NotFound('replay', replayId);
  return [];
}

export const isReplayable = (item: ParkedItem | undefined): item is ParkedItem =>
  item?.status === 'parked' && item.subject.kind !== 'exception';

type Started = Extract<ParkingEvent, { type: 'ItemsReplayStarted' }>['data'];

export const replayOf = ({ replayId, itemIds, perSecond, requestedBy }: Started): RunningReplay => ({
  replayId,
  itemIds,
  next: 0,
  unfinished: 0,
  perSecond,
  requestedBy,
  lastRequestedAt: undefined,
});

/** Returns the state with one running replay changed; the same state when it is not running. */
export const updateReplay = (
  state: ParkingState,
  replayId: string | undefined,
  change: (replay: RunningReplay) => Partial<RunningReplay>,
): ParkingState => ({
  ...state,
  replays: state.replays.map((replay) =>
    replay.replayId === replayId ? { ...replay, ...change(replay) } : replay,
  ),
});

/** Returns the ids of the items that a replay has requested and that are not handled yet. */
const requestedItems = ({ open }: ParkingState, replayId: string): string[] =>
  [...open].flatMap(([itemId, item]) =>
    item.status === 'replaying' && item.replayId === replayId ? [itemId] : [],
  );

/** Sets the status of items that are being replayed back to parked. */
export function parkAgain(state: ParkingState, itemIds: readonly string[]): ParkingState {
  let { open } = state;
  for (const itemId of itemIds) {
    const item = open.get(itemId);
    if (item !== undefined) open = open.set(itemId, { ...item, status: 'parked', replayId: undefined });
  }
  return { ...state, open };
}

export function endReplay(state: ParkingState, replayId: string, how: EndedReplay): ParkingState {
  return {
    ...state,
    replays: state.replays.filter((replay) => replay.replayId !== replayId),
    endedReplays: remember(state.endedReplays, replayId, how),
  };
}
