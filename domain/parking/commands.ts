import type { ParkedKind, ParkedSubject, ParkReason } from './events.ts';

/** Times (`at`) are ISO 8601. */
export interface ParkItem {
  readonly type: 'ParkItem';
  readonly itemId: string;
  /** Absent for an item that is parked again after a replay. */
  readonly subject?: ParkedSubject;
  readonly reason: ParkReason;
  readonly detail: string;
  readonly at: string;
}
export interface RequestReplay {
  readonly type: 'RequestReplay';
  readonly itemId: string;
  readonly requestedBy: string;
  readonly at: string;
}
export interface ResolveItem {
  readonly type: 'ResolveItem';
  readonly itemId: string;
  /** Changes nothing if the item was parked again since it had this number. */
  readonly number?: number;
}
export interface DiscardItem {
  readonly type: 'DiscardItem';
  readonly itemId: string;
  readonly reason: string;
  readonly discardedBy: string;
}

/** Selects parked items; an absent field matches all. */
export interface ParkedFilter {
  readonly reason?: ParkReason | undefined;
  readonly kind?: ParkedKind | undefined;
  readonly orderId?: string | undefined;
}
/** Replays the parked items with these ids, or those that match the filter; exceptions never. */
export interface StartReplay {
  readonly type: 'StartReplay';
  readonly replayId: string;
  readonly items: { readonly ids: readonly string[] } | ParkedFilter;
  readonly perSecond?: number;
  readonly requestedBy: string;
  readonly at: string;
}
export interface CancelReplay {
  readonly type: 'CancelReplay';
  readonly replayId: string;
  readonly cancelledBy: string;
}
/** Requests the next items of each running replay, as fast as it allows. */
export interface ContinueReplays {
  readonly type: 'ContinueReplays';
  readonly at: string;
}
/** Records nothing; returns the current state. */
export interface ReadParking {
  readonly type: 'ReadParking';
}

export type ParkingCommand =
  | ParkItem
  | RequestReplay
  | ResolveItem
  | DiscardItem
  | StartReplay
  | CancelReplay
  | ContinueReplays
  | ReadParking;
