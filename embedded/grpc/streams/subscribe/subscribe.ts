import { TOMBSTONE_REVISION } from '../../../storage/event.ts';
import type { EventLog } from '../../../storage/log.ts';
import type { ResponseStream } from '../../calls/response-stream.ts';
import { streamDeleted } from '../../messages/errors.ts';
import type { SubscribeAllPlan, SubscribeStreamPlan } from '../read/read-plan.ts';
import { AllCursor } from './all-cursor.ts';
import type { LiveEvents } from './live-events.ts';
import { StreamCursor } from './stream-cursor.ts';
import { Subscription } from './subscription.ts';

/** Starts a subscription to one stream. @throws {GrpcError} if the stream is tombstoned */
export function subscribeToStream(
  log: EventLog,
  live: LiveEvents,
  plan: SubscribeStreamPlan,
  responses: ResponseStream,
): Subscription {
  const head = log.headRevision(plan.stream);
  if (head === TOMBSTONE_REVISION) throw streamDeleted(plan.stream);
  const next = plan.from === 'start' ? 0 : plan.from === 'end' ? head + 1 : plan.from + 1;
  const cursor = new StreamCursor(log, plan.stream, next);
  const subscription = new Subscription(log, live, cursor, responses, plan);
  subscription.start(plan.from === 'end');
  return subscription;
}

/** Starts a subscription to `$all`. It is live at once if it starts at the last position or past it. */
export function subscribeToAll(
  log: EventLog,
  live: LiveEvents,
  plan: SubscribeAllPlan,
  responses: ResponseStream,
): Subscription {
  const last = log.lastPosition();
  const after = plan.from === 'start' ? 0 : plan.from === 'end' ? last : plan.from;
  const cursor = new AllCursor(log, after, plan.filter);
  const subscription = new Subscription(log, live, cursor, responses, plan);
  subscription.start(plan.from !== 'start' && after >= last);
  return subscription;
}
