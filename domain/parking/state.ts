import { Map as ImmutableMap, List } from 'immutable';
import type { ParkedFilter } from './commands.ts';
import type { ParkedSubject, ParkReason } from './events.ts';

/** Maximum number of remembered discarded exceptions, and of ended replays; the oldest are dropped. */
export const MAX_REMEMBERED = 10_000;

/** Work that is parked, and is neither done nor discarded yet. Times are ISO 8601. */
export interface ParkedItem {
  readonly itemId: string;
  readonly subject: ParkedSubject;
  /** Why it was parked the last time. */
  readonly reason: ParkReason;
  readonly detail: string;
  readonly firstParkedAt: string;
  readonly lastParkedAt: string;
  /** How often it was parked: each failed replay adds one. */
  readonly times: number;
  /** Counts all parkings: the order of the list. */
  readonly number: number;
  readonly status: 'parked' | 'replaying';
  /** The replay of many items that it is being replayed by. */
  readonly replayId?: string | undefined;
}

/** A replay of many items that is not finished. */
export interface RunningReplay {
  readonly replayId: string;
  readonly itemIds: readonly string[];
  /** Index of the first item that is not requested yet. */
  readonly next: number;
  /** Requested items that are not handled yet. */
  readonly unfinished: number;
  readonly perSecond: number | undefined;
  readonly requestedBy: string;
  readonly lastRequestedAt: string | undefined;
}

export type EndedReplay = 'finished' | 'cancelled';

export interface ParkingState {
  readonly open: ImmutableMap<string, ParkedItem>;
  /** The oldest first. */
  readonly replays: readonly RunningReplay[];
  readonly endedReplays: Remembered<EndedReplay>;
  /** Discarded exceptions: a redelivery must not park one again. */
  readonly discarded: Remembered<true>;
  readonly lastNumber: number;
}

/** A map that drops its oldest keys. */
export interface Remembered<Value> {
  readonly values: ImmutableMap<string, Value>;
  readonly oldestFirst: List<string>;
}
const nothing = { values: ImmutableMap<string, never>(), oldestFirst: List<string>() };

export const initialParking: ParkingState = {
  open: ImmutableMap(),
  replays: [],
  endedReplays: nothing,
  discarded: nothing,
  lastNumber: 0,
};

export function remember<Value>(
  { values, oldestFirst }: Remembered<Value>,
  key: string,
  value: Value,
): Remembered<Value> {
  const more = { values: values.set(key, value), oldestFirst: oldestFirst.push(key) };
  if (oldestFirst.size < MAX_REMEMBERED) return more;
  return { values: more.values.delete(oldestFirst.first('')), oldestFirst: more.oldestFirst.shift() };
}

export const findItem = ({ open }: ParkingState, itemId: string): ParkedItem | undefined => open.get(itemId);

/** Returns the parked items that match, the newest first. */
export const listItems = ({ open }: ParkingState, filter: ParkedFilter = {}): readonly ParkedItem[] =>
  [...open]
    .map(([, item]) => item)
    .filter((item) => matches(item, filter))
    .sort((one, other) => other.number - one.number);

const matches = (
  { subject, reason: known }: ParkedItem,
  { reason = known, kind = subject.kind, orderId = subject.orderId }: ParkedFilter,
): boolean => known === reason && subject.kind === kind && subject.orderId === orderId;
