import {
  EventStoreDBClient,
  jsonEvent,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
} from '@eventstore/db-client';

const quantile = (sorted: readonly number[], share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;
const urlOf = (address: string) => `esdb://${address}?tls=false`;

/** Returns the milliseconds from the append of an event until a live subscription of the same client receives it. */
export async function liveLatency(address: string, events: number): Promise<{ p50: number; p99: number }> {
  const client = EventStoreDBClient.connectionString(urlOf(address));
  const subscription = client.subscribeToStream('live', { fromRevision: START });
  const latencies: number[] = [];
  const arrived = new Promise<void>((resolve) => {
    subscription.on('data', ({ event }) => {
      if (event === undefined) return;
      const { sentAt } = event.data as { sentAt: number };
      latencies.push(performance.now() - sentAt);
      if (latencies.length === events) resolve();
    });
  });
  for (let i = 0; i < events; i++) {
    await client.appendToStream('live', jsonEvent({ type: 'Live', data: { sentAt: performance.now() } }));
  }
  await arrived;
  await subscription.unsubscribe();
  await client.dispose();
  latencies.sort((a, b) => a - b);
  return { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) };
}

/** Returns the events per second that a persistent subscription's consumer receives and acknowledges one by one. */
export async function deliveryRate(address: string, stream: string, events: number): Promise<number> {
  const client = EventStoreDBClient.connectionString(urlOf(address));
  const group = `bench-${performance.now()}`;
  const settings = persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START });
  await client.createPersistentSubscriptionToStream(stream, group, settings);
  const startedAt = performance.now();
  const subscription = client.subscribeToPersistentSubscriptionToStream(stream, group, { bufferSize: 100 });
  let handled = 0;
  for await (const event of subscription) {
    await subscription.ack(event);
    handled += 1;
    if (handled === events) break;
  }
  const rate = handled / ((performance.now() - startedAt) / 1_000);
  await subscription.unsubscribe();
  await client.deletePersistentSubscriptionToStream(stream, group);
  await client.dispose();
  return rate;
}
