import { type EventStoreDBClient, PersistentSubscriptionDoesNotExistError } from '@eventstore/db-client';
import type { ClientSource } from '../connection/client-source.ts';
import { EventStoreUnavailable } from '../errors.ts';
import type { GroupStatistics } from './persistent-subscription.ts';

/** The client to use, and the time limit after which another one is tried once. */
export interface GroupAdmin {
  readonly source: ClientSource;
  readonly answerWithinMs: number;
}

/** Undefined while there is no such group. Throws `EventStoreUnavailable`. */
export async function groupStatistics(
  admin: GroupAdmin,
  group: string,
): Promise<GroupStatistics | undefined> {
  const info = await unlessMissing(admin, (client) => client.getPersistentSubscriptionToAllInfo(group));
  if (info === undefined) return undefined;
  const { stats, connections } = info;
  return {
    parked: Number(stats.parkedMessageCount),
    inFlight: stats.totalInFlightMessages,
    waiting: stats.readBufferCount + Number(stats.liveBufferCount) + stats.retryBufferCount,
    consumers: connections.length,
    lastKnown: stats.lastKnownEventPosition,
    checkpoint: stats.lastCheckpointedEventPosition,
  };
}

/** False when there is no such group. Throws `EventStoreUnavailable`. */
export async function replayParked(admin: GroupAdmin, group: string): Promise<boolean> {
  const done = await unlessMissing(admin, (client) =>
    client.replayParkedMessagesToAll(group).then(() => true),
  );
  return done ?? false;
}

/** Tries twice. Replaces a client that failed, since it may have kept a failed request for the server's features. */
async function unlessMissing<Result>(
  admin: GroupAdmin,
  ask: (client: EventStoreDBClient) => Promise<Result>,
  isSecondTry = false,
): Promise<Result | undefined> {
  const { source, answerWithinMs } = admin;
  let client: EventStoreDBClient | undefined;
  try {
    client = source.current();
    return await source.answerOf(client, ask(client), answerWithinMs);
  } catch (error) {
    if (error instanceof PersistentSubscriptionDoesNotExistError) return undefined;
    source.renew(client);
    if (!isSecondTry) return unlessMissing(admin, ask, true);
    throw new EventStoreUnavailable('the event store does not answer calls about persistent subscriptions', {
      cause: error,
    });
  }
}
