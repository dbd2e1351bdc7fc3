import type { EventStoreDBClient } from '@eventstore/db-client';
import { type Backoff, backoffMs, pause } from '../../platform/async/backoff.ts';
import type { Codec, StoredEvent } from '../codec/codec.ts';
import { deniedBackoff, type Refusals } from '../connection/access.ts';
import type { ClientSource } from '../connection/client-source.ts';
import { isTimeout } from '../connection/failures.ts';
import { NewerEventVersion, UndecodableEvent } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { StoreWatch } from '../watch/store-watch.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { createGroup } from './create-group.ts';
import { itemsOf } from './guarded-stream.ts';
import type { ConsumerOptions, ToPark, Verdict } from './persistent-subscription.ts';
import { Slots } from './slots.ts';

export interface ConsumeParts {
  readonly source: ClientSource;
  readonly codec: Codec;
  readonly backoff: Backoff;
  /** Milliseconds without a confirmation until another connection is tried. */
  readonly confirmMs: number;
  /** Finds out whether the server refuses the consumer, and keeps that for health. */
  readonly refusals: Pick<Refusals, 'behind' | 'stand'>;
  readonly logger: Logger;
  /** Receives warnings of dropped connections. */
  readonly outages: Logger;
  /** The watch, which checks the store after a dropped connection. */
  readonly watch?: Pick<StoreWatch, 'interrupted'>;
  /** Rejects when the log has events of another data version: then nothing may be acknowledged. */
  readonly identity: () => Promise<unknown>;
}

/** Before an event is given back; together with the handling well below the message timeout of 30 s. */
const retryDelay: Backoff = { firstMs: 100, maxMs: 10_000 };

type Subscription =
  | ReturnType<EventStoreDBClient['subscribeToPersistentSubscriptionToAll']>
  | ReturnType<EventStoreDBClient['subscribeToPersistentSubscriptionToStream']>;

/** A delivery as the client hands it out; without an `event` when it is a link to one that is gone. */
type Delivered = Parameters<Subscription['ack']>[0] & {
  readonly event?: StoredEvent;
  readonly retryCount: number;
};

/** Consumes until the signal aborts: takes nothing new from then on, finishes and answers what is in hand. */
export async function consumeGroup(options: ConsumerOptions, parts: ConsumeParts): Promise<void> {
  const { group, signal } = options;
  const { source, backoff, confirmMs, refusals, outages, watch, identity } = parts;
  const slots = new Slots(options.concurrency);
  let failures = 0;
  while (!signal.aborted) {
    let client: EventStoreDBClient | undefined;
    let dropped: unknown = 'ended by the server';
    try {
      await identity();
      client = source.current();
      await source.answerOf(client, createGroup(client, options), confirmMs);
      await consumeUntilDropped(client, slots, options, parts, () => {
        failures = 0;
      });
    } catch (error) {
      dropped = error;
    }
    if (signal.aborted) break;
    watch?.interrupted();
    const refused = await refusals.behind(dropped);
    refusals.stand(group, refused);
    if (refused === undefined)
      outages.warn('a consumer was dropped', { group, failures, error: String(dropped) });
    if (failures > 0 || isTimeout(dropped)) source.renew(client);
    await pause(backoffMs(failures, refused === undefined ? backoff : deniedBackoff), signal);
    failures += 1;
  }
  await slots.untilIdle();
}

async function consumeUntilDropped(
  client: EventStoreDBClient,
  slots: Slots,
  options: ConsumerOptions,
  parts: ConsumeParts,
  delivered: () => void,
): Promise<void> {
  const { group, from, concurrency, signal } = options;
  const { outages, source, confirmMs, refusals } = parts;
  // As many again as are handled wait here: a slow consumer does not take the others' work.
  const settings = { bufferSize: 2 * concurrency };
  const subscription =
    'stream' in from
      ? client.subscribeToPersistentSubscriptionToStream(from.stream, group, settings)
      : client.subscribeToPersistentSubscriptionToAll(group, settings);
  subscription.once('confirmation', () => refusals.stand(group, undefined));
  const done = new Acknowledgements<Delivered>(async (items) => {
    try {
      await subscription.ack(...items);
    } catch (error) {
      // The subscription is gone, and the events will come again.
      outages.warn('acknowledgements were not sent', { group, events: items.length, error: String(error) });
    }
  });
  const finished = new AbortController();
  const limits = { signal: finished.signal, confirmMs, replaced: source.replacedSignal(client) };
  // What is in hand when the signal aborts still has its answer to send.
  const finish = async () => {
    await slots.untilIdle();
    await done.flush();
    finished.abort();
  };
  signal.addEventListener('abort', finish, { once: true });
  // Told to stop while the group was looked for.
  if (signal.aborted) finish();
  try {
    for await (const item of itemsOf<Delivered>(subscription, limits)) {
      delivered();
      await slots.take();
      if (signal.aborted) slots.give();
      else void answer(subscription, done, item, slots, options, parts);
    }
  } finally {
    signal.removeEventListener('abort', finish);
  }
}

/** Handles one delivery and answers it. Never rejects: what goes wrong is delivered again. */
async function answer(
  subscription: Subscription,
  done: Acknowledgements<Delivered>,
  item: Delivered,
  slots: Slots,
  options: ConsumerOptions,
  { codec, logger, outages }: ConsumeParts,
): Promise<void> {
  const { group, signal } = options;
  const at = { group, stream: item.event?.streamId, revision: item.event?.revision.toString() };
  const verdict = await verdictOn(item, options, codec);
  if (verdict.verdict === 'park') logger.error('an event is parked', { ...at, reason: verdict.reason });
  const isDone = verdict.verdict === 'ack' || (verdict.verdict === 'park' && options.park !== undefined);
  // Before the slot is given back: once nothing is in hand any more, every acknowledgement is there to be sent.
  if (isDone) done.add(item);
  slots.give();
  if (isDone) return;
  try {
    if (verdict.verdict === 'park') return await subscription.nack('park', verdict.reason, item);
    outages.warn('an event will be delivered again', { ...at, reason: verdict.reason });
    await pause(backoffMs(item.retryCount, retryDelay), signal);
    await subscription.nack('retry', verdict.reason, item);
  } catch (error) {
    // The subscription is gone, and the event will come again.
    outages.warn('an acknowledgement was not sent', { ...at, error: String(error) });
  }
}

/** What becomes of a delivery; what is to be parked has been, where the consumer does so itself. */
async function verdictOn(
  { event, retryCount }: Delivered,
  { handle, park }: ConsumerOptions,
  codec: Codec,
): Promise<Verdict> {
  if (event === undefined) return { verdict: 'ack' };
  const verdict = await handled(event, retryCount, handle, codec);
  if (verdict.verdict !== 'park') return verdict;
  try {
    await park?.(toPark(event, verdict));
    return verdict;
  } catch (error) {
    return { verdict: 'retry', reason: `it could not be parked (${String(error)}): ${verdict.reason}` };
  }
}

const toPark = (
  { streamId: stream, revision, type, id }: StoredEvent,
  { verdict: _, ...why }: Extract<Verdict, { verdict: 'park' }>,
): ToPark => ({ stream, revision, type, id, ...why });

async function handled(
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
    const unreadable = error instanceof NewerEventVersion || error instanceof UndecodableEvent;
    return { verdict: unreadable ? 'park' : 'retry', reason };
  }
}
