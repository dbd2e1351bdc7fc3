import type { Readable } from 'node:stream';
import {
  type AllStreamResolvedEvent,
  type EventStoreDBClient,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import type { Codec } from '../codec/codec.ts';
import type { Position, RecordedEvent } from '../codec/recorded-event.ts';
import { UnreadableEvent } from '../errors.ts';
import type { SubscribeOptions, SubscriptionEntry } from '../event-store.ts';
import { refOf } from '../watch/event-ref.ts';
import { Drops, type SubscriptionParts } from './drops.ts';
import { type ClientStream, itemsOf } from './guarded-stream.ts';

/**
 * Follows the log until the signal aborts. A catch-up subscription of the client ends when it is dropped (the server shuts
 * down, the consumer is too slow). This one resubscribes with backoff, from the last position that it has yielded.
 */
export async function* subscribeToLog(
  { prefixes, after, signal }: SubscribeOptions,
  parts: SubscriptionParts,
): AsyncGenerator<SubscriptionEntry, void, undefined> {
  const { source, codec, confirmMs, watch, identity } = parts;
  const drops = new Drops(parts, signal);
  let position = after;
  let last: RecordedEvent | undefined;
  while (!signal.aborted) {
    let client: EventStoreDBClient | undefined;
    let dropped: unknown = 'ended by the server';
    try {
      await identity();
      client = source.current();
      const limits = { signal, confirmMs, replaced: source.replacedSignal(client) };
      for await (const item of itemsOf(follow(client, prefixes, position), limits)) {
        drops.received();
        const entry = entryOf(item, codec);
        if (entry === undefined) continue;
        position = positionOf(entry) ?? position;
        if (entry.kind === 'event') last = entry.recorded;
        yield entry;
      }
    } catch (error) {
      if (error instanceof UnreadableEvent) throw error;
      dropped = error;
    }
    if (signal.aborted) return;
    if (last !== undefined) watch.remember(refOf(last));
    await drops.wait(dropped, client);
    // In a restored log, this position may have other events.
    await watch.untilTrusted(signal);
  }
}

/**
 * Returns a subscription of the client with its checkpoints in their places among the events. A checkpoint used directly in
 * its callback would overtake the events in the stream's buffer.
 */
function follow(
  client: EventStoreDBClient,
  prefixes: readonly string[],
  after: Position | undefined,
): ClientStream<AllStreamResolvedEvent | SubscriptionEntry> {
  const put = (into: Readable, entry: SubscriptionEntry) => into.push(entry);
  const subscription = client.subscribeToAll({
    fromPosition: after ?? START,
    filter: streamNameFilter({
      prefixes: [...prefixes],
      checkpointReached: (into, position) => {
        put(into, { kind: 'checkpoint', position });
      },
    }),
  });
  subscription.on('caughtUp', () => put(subscription, { kind: 'caught-up' }));
  return subscription;
}

function entryOf(
  item: AllStreamResolvedEvent | SubscriptionEntry,
  codec: Codec,
): SubscriptionEntry | undefined {
  if ('kind' in item) return item;
  return item.event === undefined ? undefined : codec.decode(item.event);
}

function positionOf(entry: SubscriptionEntry): Position | undefined {
  if (entry.kind === 'caught-up') return undefined;
  return entry.kind === 'event' ? entry.recorded.position : entry.position;
}
