import type { SubscriptionInfo } from '@eventstore/db-client/generated/persistent_pb.js';
import generated from '@eventstore/db-client/generated/persistent_pb.js';
import type {
  Connection,
  PersistentSubscription,
} from '../../persistent-subscriptions/persistent-subscription.ts';

/** Returns a group as `getInfo` and `list` show it. Resets the counts since the last measurement. */
export function infoOf(subscription: PersistentSubscription): SubscriptionInfo {
  const { configuration, group, source } = subscription;
  const { settings } = configuration;
  const { counts } = group;
  const positionText = (position: number | undefined) =>
    position === undefined ? '' : source.textOf(position);
  return new generated.SubscriptionInfo()
    .setEventSource(configuration.stream)
    .setGroupName(configuration.group)
    .setStatus(subscription.live ? 'Live' : 'Behind')
    .setConnectionsList(
      [...subscription.connections].map((each) => connectionOf(each, settings.extraStatistics)),
    )
    .setAveragePerSecond(group.sent.averagePerSecond)
    .setTotalItems(String(group.sent.total))
    .setCountSinceLastMeasurement(String(group.sent.sinceLastMeasurement()))
    .setLastCheckpointedEventPosition(positionText(group.lastCheckpoint))
    .setLastKnownEventPosition(positionText(group.lastKnown))
    .setResolveLinkTos(configuration.resolveLinkTos)
    .setStartFrom(configuration.startFrom)
    .setMessageTimeoutMilliseconds(settings.messageTimeout)
    .setExtraStatistics(settings.extraStatistics)
    .setMaxRetryCount(settings.maxRetryCount)
    .setLiveBufferSize(settings.liveBufferSize)
    .setBufferSize(settings.historyBufferSize)
    .setReadBatchSize(settings.readBatchSize)
    .setCheckPointAfterMilliseconds(settings.checkPointAfter)
    .setMinCheckPointCount(settings.minCheckPointCount)
    .setMaxCheckPointCount(settings.maxCheckPointCount)
    .setReadBufferCount(counts.history)
    .setLiveBufferCount(String(counts.live))
    .setRetryBufferCount(counts.retry)
    .setTotalInFlightMessages(counts.inFlight)
    .setOutstandingMessagesCount(counts.inFlight)
    .setNamedConsumerStrategy(settings.strategy)
    .setMaxSubscriberCount(settings.maxSubscriberCount)
    .setParkedMessageCount(String(subscription.parked.count));
}

function connectionOf(
  { consumer, options }: Connection,
  extraStatistics: boolean,
): SubscriptionInfo.ConnectionInfo {
  const measured = extraStatistics ? [...consumer.latencies.summary()] : [];
  return (
    new generated.SubscriptionInfo.ConnectionInfo()
      .setFrom(options.from)
      // An insecure node has no users; EventStoreDB shows every client as the system.
      .setUsername('system')
      .setConnectionName(options.name)
      .setAverageItemsPerSecond(consumer.sent.averagePerSecond)
      .setTotalItems(String(consumer.sent.total))
      .setCountSinceLastMeasurement(String(consumer.sent.sinceLastMeasurement()))
      .setAvailableSlots(consumer.availableSlots)
      .setInFlightMessages(consumer.inFlight.size)
      .setObservedMeasurementsList(
        measured.map(([key, value]) =>
          new generated.SubscriptionInfo.Measurement().setKey(key).setValue(String(Math.round(value))),
        ),
      )
  );
}
