import { type EventStoreDBClient, PersistentSubscriptionDoesNotExistError } from '@eventstore/db-client';
import type { ClientSource } from './client-source.ts';
import { EventStoreAway } from './errors.ts';
import type { GroupStatistics } from './persistent-subscription.ts';

/** Undefined while there is no such group. Throws `EventStoreAway`. */
export async function groupStatistics(
  source: ClientSource,
  group: string,
): Promise<GroupStatistics | undefined> {
  const info = await unlessMissing(source, (client) => client.getPersistentSubscriptionToAllInfo(group));
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

/** False when there is no such group. Throws `EventStoreAway`. */
export async function replayParked(source: ClientSource, group: string): Promise<boolean> {
  const done = await unlessMissing(source, (client) =>
    client.replayParkedMessagesToAll(group).then(() => true),
  );
  return done ?? false;
}

/** A client that failed is replaced: it may have kept a failure to learn what the server can do. */
async function unlessMissing<Result>(
  source: ClientSource,
  ask: (client: EventStoreDBClient) => Promise<Result>,
): Promise<Result | undefined> {
  const client = source.current();
  try {
    return await ask(client);
  } catch (error) {
    if (error instanceof PersistentSubscriptionDoesNotExistError) return undefined;
    source.renew(client);
    throw new EventStoreAway('the event store does not answer for its persistent subscriptions', {
      cause: error,
    });
  }
}
