import type { EventStoreDBClient } from '@eventstore/db-client';
import { type Backoff, backoffMs, pause } from '../../platform/async/backoff.ts';
import { Batcher, type BatchLimits } from '../batcher.ts';
import type { Codec, StoredEvent } from '../codec/codec.ts';
import { UnreadableEvent } from '../errors.ts';
import { createGroup } from './create-group.ts';
import { Drops, type SubscriptionParts } from './drops.ts';
import { itemsOf } from './guarded-stream.ts';
import type { ConsumerOptions, Verdict } from './persistent-subscription.ts';
import { Slots } from './slots.ts';

/** A message with several acknowledgements costs both sides as much as one. Few are held back: the server counts them as in flight. */
const ACKNOWLEDGEMENT_LIMITS: BatchLimits = { maxItems: 32, schedule: (flush) => setTimeout(flush, 10) };

/** Backoff until an event is redelivered. With the handling, it stays well below the message timeout of 30 s. */
const retryDelay: Backoff = { firstMs: 100, maxMs: 10_000 };

type Subscription =
  | ReturnType<EventStoreDBClient['subscribeToPersistentSubscriptionToAll']>
  | ReturnType<EventStoreDBClient['subscribeToPersistentSubscriptionToStream']>;

/** A delivery of the client; without an `event` when it is a link to a deleted event. */
type Delivered = Parameters<Subscription['ack']>[0] & {
  readonly event?: StoredEvent;
  readonly retryCount: number;
};

/** Consumes until the signal aborts. Then it takes no more deliveries, and resolves when those in flight are handled. */
export async function consumeGroup(options: ConsumerOptions, parts: SubscriptionParts): Promise<void> {
  const { group, signal } = options;
  const { source, confirmMs, identity } = parts;
  const slots = new Slots(options.concurrency);
  const drops = new Drops(parts, signal);
  while (!signal.aborted) {
    let client: EventStoreDBClient | undefined;
    let dropped: unknown = 'ended by the server';
    try {
      await identity();
      client = source.current();
      await source.answerOf(client, createGroup(client, options), confirmMs);
      await consumeUntilDropped(client, slots, drops, options, parts);
    } catch (error) {
      dropped = error;
    }
    if (!signal.aborted) await drops.wait(dropped, client, group);
  }
  await slots.untilIdle();
}

async function consumeUntilDropped(
  client: EventStoreDBClient,
  slots: Slots,
  drops: Drops,
  options: ConsumerOptions,
  parts: SubscriptionParts,
): Promise<void> {
  const { group, from, concurrency, signal } = options;
  const { logger, source, confirmMs, access } = parts;
  // The server sends few deliveries ahead, so that a slow consumer leaves the others to other consumers.
  const settings = { bufferSize: 2 * concurrency };
  const subscription =
    'stream' in from
      ? client.subscribeToPersistentSubscriptionToStream(from.stream, group, settings)
      : client.subscribeToPersistentSubscriptionToAll(group, settings);
  subscription.once('confirmation', () => access.keep(group, undefined));
  const acknowledgements = new Batcher<Delivered>(ACKNOWLEDGEMENT_LIMITS, async (items) => {
    try {
      await subscription.ack(...items);
    } catch (error) {
      // The subscription was dropped: the server redelivers the events.
      logger.warn('acknowledgements were not sent', { group, events: items.length, error: String(error) });
    }
  });
  const finished = new AbortController();
  const limits = { signal: finished.signal, confirmMs, replaced: source.replacedSignal(client) };
  // Deliveries in flight are acknowledged before the subscription ends.
  const finish = async () => {
    await slots.untilIdle();
    await acknowledgements.flush();
    finished.abort();
  };
  signal.addEventListener('abort', finish, { once: true });
  // The signal may have aborted while the group was created.
  if (signal.aborted) finish();
  try {
    for await (const item of itemsOf<Delivered>(subscription, limits)) {
      drops.received();
      const freeSlot = await slots.take();
      if (signal.aborted) freeSlot();
      else void handleDelivery(subscription, acknowledgements, item, freeSlot, options, parts);
    }
  } finally {
    signal.removeEventListener('abort', finish);
  }
}

/** Handles one delivery and acknowledges it. Never rejects: a failed delivery is redelivered. */
async function handleDelivery(
  subscription: Subscription,
  acknowledgements: Batcher<Delivered>,
  item: Delivered,
  freeSlot: () => void,
  options: ConsumerOptions,
  { codec, logger }: SubscriptionParts,
): Promise<void> {
  const { group, signal } = options;
  const at = { group, stream: item.event?.streamId, revision: item.event?.revision.toString() };
  const verdict = await verdictOn(item, options, codec);
  if (verdict.verdict === 'park') logger.error('an event is parked', { ...at, reason: verdict.reason });
  const isDone = verdict.verdict === 'ack' || (verdict.verdict === 'park' && options.park !== undefined);
  // Before the slot is freed: once all slots are free, every acknowledgement is in the batch.
  if (isDone) acknowledgements.add(item);
  freeSlot();
  if (isDone) return;
  try {
    if (verdict.verdict === 'park') return await subscription.nack('park', verdict.reason, item);
    logger.warn('an event will be redelivered', { ...at, reason: verdict.reason });
    await pause(backoffMs(item.retryCount, retryDelay), signal);
    await subscription.nack('retry', verdict.reason, item);
  } catch (error) {
    // The subscription was dropped: the server redelivers the event.
    logger.warn('an acknowledgement was not sent', { ...at, error: String(error) });
  }
}

/** Returns the verdict on a delivery. Parks the event itself when the consumer does that. */
async function verdictOn(
  { event, retryCount }: Delivered,
  { handle, park }: ConsumerOptions,
  codec: Codec,
): Promise<Verdict> {
  if (event === undefined) return { verdict: 'ack' };
  const verdict = await runHandler(event, retryCount, handle, codec);
  if (verdict.verdict !== 'park') return verdict;
  const { streamId: stream, revision, type, id } = event;
  const { verdict: _, ...why } = verdict;
  try {
    await park?.({ stream, revision, type, id, ...why });
    return verdict;
  } catch (error) {
    return { verdict: 'retry', reason: `it could not be parked (${String(error)}): ${verdict.reason}` };
  }
}

async function runHandler(
  event: StoredEvent,
  retryCount: number,
  handle: ConsumerOptions['handle'],
  codec: Codec,
): Promise<Verdict> {
  try {
    const decoded = codec.decode(event);
    if (decoded.kind === 'unknown') return { verdict: 'ack' };
    return await handle({ recorded: decoded.recorded, retryCount });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { verdict: error instanceof UnreadableEvent ? 'park' : 'retry', reason };
  }
}
