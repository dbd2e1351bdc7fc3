import type { Readable } from 'node:stream';
import {
  type AllStreamResolvedEvent,
  type EventStoreDBClient,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { type Backoff, backoffMs, pause } from '../../platform/async/backoff.ts';
import type { Codec } from '../codec/codec.ts';
import type { Position, RecordedEvent } from '../codec/recorded-event.ts';
import { type AccessErrors, deniedBackoff } from '../connection/access.ts';
import type { ClientSource } from '../connection/client-source.ts';
import { Unanswered } from '../connection/failures.ts';
import { NewerEventVersion, UndecodableEvent } from '../errors.ts';
import type { SubscriptionEntry } from '../event-store.ts';
import type { Logger } from '../logger.ts';
import { refOf } from '../watch/event-ref.ts';
import type { StoreWatch } from '../watch/store-watch.ts';
import { type ClientStream, itemsOf } from './guarded-stream.ts';

export interface SubscribeOptions {
  readonly prefixes: readonly string[];
  readonly after?: Position | undefined;
  readonly signal: AbortSignal;
}

export interface SubscribeParts {
  readonly source: ClientSource;
  readonly codec: Codec;
  readonly backoff: Backoff;
  /** Milliseconds without a confirmation until another connection is tried. */
  readonly confirmMs: number;
  /** Explains why a subscription was dropped. */
  readonly access: Pick<AccessErrors, 'causeOf'>;
  /** Receives warnings of dropped connections. */
  readonly logger: Logger;
  /** The watch, which checks after a dropped connection whether the log is unchanged. */
  readonly watch?: Pick<StoreWatch, 'saw' | 'interrupted' | 'untilTrusted'>;
  /** Rejects when the log has events of another data version. */
  readonly identity: () => Promise<unknown>;
}

/**
 * Follows the log until the signal aborts. A catch-up subscription of the client ends when it is dropped (the server shuts
 * down, the consumer is too slow). This one resubscribes with backoff, from the last position that it has yielded.
 */
export async function* subscribeToLog(
  { prefixes, after, signal }: SubscribeOptions,
  { source, codec, backoff, confirmMs, access, logger, watch, identity }: SubscribeParts,
): AsyncGenerator<SubscriptionEntry, void, undefined> {
  let position = after;
  let last: RecordedEvent | undefined;
  let failures = 0;
  while (!signal.aborted) {
    let client: EventStoreDBClient | undefined;
    let dropped: unknown = 'ended by the server';
    try {
      await identity();
      client = source.current();
      const limits = { signal, confirmMs, replaced: source.replacedSignal(client) };
      for await (const item of itemsOf(follow(client, prefixes, position), limits)) {
        failures = 0;
        const entry = entryOf(item, codec);
        if (entry === undefined) continue;
        position = positionOf(entry) ?? position;
        if (entry.kind === 'event') last = entry.recorded;
        yield entry;
      }
    } catch (error) {
      if (error instanceof NewerEventVersion || error instanceof UndecodableEvent) throw error;
      dropped = error;
    }
    if (signal.aborted) return;
    if (last !== undefined) watch?.saw(refOf(last));
    watch?.interrupted();
    const denied = await access.causeOf(dropped);
    if (denied === undefined)
      logger.warn('the subscription to the log was dropped', { failures, error: String(dropped) });
    if (failures > 0 || dropped instanceof Unanswered) source.renew(client);
    await pause(backoffMs(failures, denied === undefined ? backoff : deniedBackoff), signal);
    // In a restored log, this position may have other events.
    await watch?.untilTrusted(signal);
    failures += 1;
  }
}

/** A position or a state that the client reports by a callback. */
interface Mark {
  readonly mark: Extract<SubscriptionEntry, { kind: 'checkpoint' | 'caught-up' }>;
}

/**
 * Returns a subscription of the client with the marks in their places among the events. A checkpoint used directly in its
 * callback would overtake the events in the stream's buffer.
 */
function follow(
  client: EventStoreDBClient,
  prefixes: readonly string[],
  after: Position | undefined,
): ClientStream<AllStreamResolvedEvent | Mark> {
  const put = (into: Readable, mark: Mark['mark']) => into.push({ mark } satisfies Mark);
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

function entryOf(item: AllStreamResolvedEvent | Mark, codec: Codec): SubscriptionEntry | undefined {
  if ('mark' in item) return item.mark;
  if (item.event === undefined) return undefined;
  const decoded = codec.decode(item.event);
  if (decoded.kind === 'event') return decoded;
  const { type, stream, position } = decoded;
  return { kind: 'unknown', type, stream, position };
}

function positionOf(entry: SubscriptionEntry): Position | undefined {
  switch (entry.kind) {
    case 'event':
      return entry.recorded.position;
    case 'unknown':
    case 'checkpoint':
      return entry.position;
    case 'caught-up':
      return undefined;
  }
}
