import { TOMBSTONE_REVISION } from '../storage/event.ts';
import type { EventLog } from '../storage/log.ts';
import { AllCursor } from './all-cursor.ts';
import type { LiveEvents } from './live-events.ts';
import type { Outlet } from './outlet.ts';
import type { SubscribeAllPlan, SubscribeStreamPlan } from './read-plan.ts';
import { malformed, streamDeleted } from './statuses.ts';
import { StreamCursor } from './stream-cursor.ts';
import { Subscription } from './subscription.ts';

/** @throws {Refusal} for a stream that has ended, unless it is followed from its end: then nothing ever comes. */
export function subscribeToStream(
  log: EventLog,
  live: LiveEvents,
  plan: SubscribeStreamPlan,
  out: Outlet,
): Subscription {
  const fromEnd = plan.from === 'end';
  const head = log.headRevision(plan.stream);
  if (head === TOMBSTONE_REVISION && !fromEnd) throw streamDeleted(plan.stream);
  const next = plan.from === 'start' ? 0 : plan.from === 'end' ? head + 1 : plan.from + 1;
  const cursor = new StreamCursor(log, plan.stream, next);
  const subscription = new Subscription(log, live, cursor, out, plan);
  subscription.start(fromEnd);
  return subscription;
}

/** @throws {Refusal} for a position between two events. */
export function subscribeToAll(
  log: EventLog,
  live: LiveEvents,
  plan: SubscribeAllPlan,
  out: Outlet,
): Subscription {
  const { from } = plan;
  const last = log.lastPosition();
  // A position past the end counts as the end, as in the real server.
  const pastEnd = from === 'end' || (from !== 'start' && from > last);
  if (!pastEnd && from !== 'start' && !log.hasPosition(from))
    throw malformed('No event is at that position.');
  const cursor = new AllCursor(log, pastEnd ? last : from === 'start' ? 0 : from, plan.filter);
  const subscription = new Subscription(log, live, cursor, out, plan);
  subscription.start(pastEnd);
  return subscription;
}
