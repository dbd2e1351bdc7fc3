import { once } from 'node:events';
import {
  type EventStoreDBClient,
  eventTypeFilter,
  jsonEvent,
  type PersistentSubscriptionToAll,
  type PersistentSubscriptionToStream,
  persistentSubscriptionToAllSettingsFromDefaults,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
} from '@eventstore/db-client';

/** Calls each method of the official client that sends a request. Run them in this order. */
export const CLIENT_CALLS: Readonly<Record<string, (client: EventStoreDBClient) => Promise<unknown>>> = {
  appendToStream: (client) => client.appendToStream(STREAM, [placedEvent(), placedEvent()]),
  readStream: (client) => drain(client.readStream(STREAM, { maxCount: 10 })),
  readAll: (client) => drain(client.readAll({ maxCount: 10 })),
  subscribeToStream: (client) => firstOf(client.subscribeToStream(STREAM)),
  subscribeToAll: (client) =>
    firstOf(client.subscribeToAll({ filter: eventTypeFilter({ prefixes: ['Placed'] }) })),
  setStreamMetadata: (client) => client.setStreamMetadata(STREAM, { maxCount: 100, owner: 'sales' }),
  getStreamMetadata: (client) => client.getStreamMetadata(STREAM),
  deleteStream: async (client) => {
    await client.appendToStream('order-2', placedEvent());
    return client.deleteStream('order-2');
  },
  tombstoneStream: (client) => client.tombstoneStream('order-3'),
  createPersistentSubscriptionToStream: (client) =>
    client.createPersistentSubscriptionToStream(STREAM, GROUP, toStream()),
  updatePersistentSubscriptionToStream: (client) =>
    client.updatePersistentSubscriptionToStream(STREAM, GROUP, toStream()),
  subscribeToPersistentSubscriptionToStream: (client) =>
    acknowledgeFirst(client.subscribeToPersistentSubscriptionToStream(STREAM, GROUP)),
  getPersistentSubscriptionToStreamInfo: (client) =>
    client.getPersistentSubscriptionToStreamInfo(STREAM, GROUP),
  listPersistentSubscriptionsToStream: (client) => client.listPersistentSubscriptionsToStream(STREAM),
  replayParkedMessagesToStream: (client) =>
    client.replayParkedMessagesToStream(STREAM, GROUP, { stopAt: 10 }),
  deletePersistentSubscriptionToStream: (client) =>
    client.deletePersistentSubscriptionToStream(STREAM, GROUP),
  createPersistentSubscriptionToAll: (client) => client.createPersistentSubscriptionToAll(GROUP, toAll()),
  updatePersistentSubscriptionToAll: (client) => client.updatePersistentSubscriptionToAll(GROUP, toAll()),
  subscribeToPersistentSubscriptionToAll: (client) =>
    acknowledgeFirst(client.subscribeToPersistentSubscriptionToAll(GROUP)),
  getPersistentSubscriptionToAllInfo: (client) => client.getPersistentSubscriptionToAllInfo(GROUP),
  listPersistentSubscriptionsToAll: (client) => client.listPersistentSubscriptionsToAll(),
  listAllPersistentSubscriptions: (client) => client.listAllPersistentSubscriptions(),
  replayParkedMessagesToAll: (client) => client.replayParkedMessagesToAll(GROUP),
  restartPersistentSubscriptionSubsystem: (client) => client.restartPersistentSubscriptionSubsystem(),
  deletePersistentSubscriptionToAll: (client) => client.deletePersistentSubscriptionToAll(GROUP),
  createProjection: (client) => client.createProjection(GROUP, 'fromAll()'),
  updateProjection: (client) => client.updateProjection(GROUP, 'fromAll()'),
  deleteProjection: (client) => client.deleteProjection(GROUP),
  enableProjection: (client) => client.enableProjection(GROUP),
  disableProjection: (client) => client.disableProjection(GROUP),
  abortProjection: (client) => client.abortProjection(GROUP),
  resetProjection: (client) => client.resetProjection(GROUP),
  getProjectionState: (client) => client.getProjectionState(GROUP),
  getProjectionResult: (client) => client.getProjectionResult(GROUP),
  getProjectionStatus: (client) => client.getProjectionStatus(GROUP),
  listProjections: (client) => client.listProjections(),
  restartSubsystem: (client) => client.restartSubsystem(),
};

const STREAM = 'order-1';
const GROUP = 'billing';

const placedEvent = () => jsonEvent({ type: 'Placed', data: { quantity: 1 } });
const toStream = () => persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START });
const toAll = () => persistentSubscriptionToAllSettingsFromDefaults({ startFrom: START });

async function drain(events: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of events) count += 1;
  return count;
}

async function firstOf(
  subscription:
    | ReturnType<EventStoreDBClient['subscribeToStream']>
    | ReturnType<EventStoreDBClient['subscribeToAll']>,
): Promise<void> {
  await once(subscription, 'data');
  await subscription.unsubscribe();
}

async function acknowledgeFirst(
  subscription: PersistentSubscriptionToStream | PersistentSubscriptionToAll,
): Promise<void> {
  for await (const event of subscription) {
    await subscription.ack(event);
    break;
  }
  await subscription.unsubscribe();
}
