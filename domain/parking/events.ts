import { z } from 'zod';
import { defineEvent, type EventOf } from '../kernel/event.ts';
import { Instant } from '../kernel/values.ts';

/**
 * Why an item is parked: a retry cannot help (`permanent-error`), all retries failed (`retries-exhausted`), the worker
 * crashed at each attempt (`worker-crashed`), the other side keeps refusing an external call (`call-refused`), or the provider
 * or the carrier contradicted the record (`exception`).
 */
export const ParkReason = z.enum([
  'permanent-error',
  'retries-exhausted',
  'worker-crashed',
  'call-refused',
  'exception',
]);
export type ParkReason = z.output<typeof ParkReason>;

/** What is parked: an event, a wait of an order (`deadline`), a refund, or an exception. */
export const ParkedKind = z.enum(['event', 'deadline', 'refund', 'exception']);
export type ParkedKind = z.output<typeof ParkedKind>;

/**
 * What an item is about. `group` is the process manager. `stream` and `revision` locate an event. `type` is that of the
 * event, the wait or the exception; `number` counts the exceptions of an order. `aboutMoney`: money is owed or may have moved,
 * so the item cannot be discarded.
 */
export const ParkedSubject = z.strictObject({
  group: z.string(),
  kind: ParkedKind,
  stream: z.string(),
  revision: z.string().regex(/^\d+$/).optional(),
  type: z.string().optional(),
  orderId: z.string().optional(),
  number: z.int().min(1).optional(),
  aboutMoney: z.literal(true).optional(),
});
export type ParkedSubject = z.output<typeof ParkedSubject>;

/** Maximum length of `detail`: messages may quote what they are about. */
export const MAX_DETAIL = 2_000;

const ofItem = { itemId: z.string() };
const ofReplay = { replayId: z.string() };

/** Work of a process manager is parked: for the first time, or again after a replay. */
export const ItemParked = defineEvent('ItemParked', 1, {
  ...ofItem,
  subject: ParkedSubject,
  reason: ParkReason,
  detail: z.string().max(MAX_DETAIL),
  parkedAt: Instant,
});
/** The item is to be handled again; `replayId` when it is one of many. */
export const ParkedItemReplayRequested = defineEvent('ParkedItemReplayRequested', 1, {
  ...ofItem,
  replayId: ofReplay.replayId.optional(),
  requestedBy: z.string(),
  requestedAt: Instant,
});
/** The work is done, by a replay or because the order moved on. */
export const ParkedItemResolved = defineEvent('ParkedItemResolved', 1, ofItem);
/** An operator decided that the work will not be done. */
export const ParkedItemDiscarded = defineEvent('ParkedItemDiscarded', 1, {
  ...ofItem,
  reason: z.string(),
  discardedBy: z.string(),
});
/** A replay of many items has begun, in this order; at most `perSecond` of them a second. */
export const ItemsReplayStarted = defineEvent('ItemsReplayStarted', 1, {
  ...ofReplay,
  itemIds: z.array(z.string()).min(1),
  perSecond: z.int().min(1).optional(),
  requestedBy: z.string(),
});
/** Items that were requested but are not handled yet (`itemIds`) are parked as before. */
export const ItemsReplayCancelled = defineEvent('ItemsReplayCancelled', 1, {
  ...ofReplay,
  cancelledBy: z.string(),
  itemIds: z.array(z.string()),
});
/** Each item of the replay was handled: it is resolved, discarded, or parked again. */
export const ItemsReplayFinished = defineEvent('ItemsReplayFinished', 1, ofReplay);

/** Events of the parking list, the stream that holds all parked items and replays. */
export const parkingEvents = [
  ItemParked,
  ParkedItemReplayRequested,
  ParkedItemResolved,
  ParkedItemDiscarded,
  ItemsReplayStarted,
  ItemsReplayCancelled,
  ItemsReplayFinished,
] as const;
export type ParkingEvent = EventOf<(typeof parkingEvents)[number]>;
