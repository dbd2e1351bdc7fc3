import { randomUUID } from 'node:crypto';
import { v7 } from 'uuid';
import type { CommandHandler } from '../../command-handling/command-handler.ts';
import { KeyReused } from '../../command-handling/errors.ts';
import { createdByKey, fingerprintOf } from '../../command-handling/idempotency-key.ts';
import {
  type CustomerId,
  type OrderId,
  orderId as orderIdFrom,
  type ProductId,
} from '../../domain/kernel/ids.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import type { OrderEvent } from '../../domain/order/events.ts';
import { orderStream } from '../../event-catalogue/streams.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import { InvalidBody } from '../../platform/http/response/errors.ts';
import { orderTag } from '../document-tags.ts';
import { ifMatchOf } from '../inputs.ts';
import { contextOf, scopedKeyOf } from '../perform.ts';
import { type CommandAnswer, commandAnswer, type Reached } from '../responses.ts';
import { priceLines } from './price-lines.ts';
import type { Prices } from './prices.ts';

export interface PlaceOrderParts {
  readonly handler: CommandHandler;
  readonly store: EventStore;
  readonly prices: Prices;
}

export interface OrderWanted {
  readonly customerId: CustomerId;
  readonly items: readonly { readonly productId: ProductId; readonly quantity: number }[];
  readonly paymentToken: string;
  readonly placedAt: string;
}

/** Under which ids an order is placed; the same idempotency key leads to the same ones, so that no record of it is needed. */
interface Ids {
  readonly orderId: OrderId;
  readonly commandId: string;
  readonly fingerprint?: string;
}

/**
 * Places an order on a stream of its own. Throws `InvalidBody` when it cannot be priced, `KeyReused`, and what the
 * command handler throws.
 */
export async function placeOrder(
  { handler, store, prices }: PlaceOrderParts,
  request: Parameters<typeof scopedKeyOf>[0],
  { customerId, items, paymentToken, placedAt }: OrderWanted,
): Promise<CommandAnswer> {
  const { orderId, commandId, fingerprint } = idsOf(request);
  const ifMatch = ifMatchOf(request.headers, 'order');
  const lines = await priceLines(items, prices).catch(async (error: unknown) => {
    // What is refused today may have been placed before, under the same key: then that is the answer.
    const before =
      fingerprint !== undefined &&
      error instanceof InvalidBody &&
      (await placedBefore(store, orderId, fingerprint));
    if (before) return before;
    throw error;
  });
  if (!isLines(lines)) return lines;
  const { events, state, ...reached } = await handler.handle({
    stream: orderStream(orderId),
    decider: orderDecider,
    command: { type: 'PlaceOrder', orderId, customerId, lines, paymentToken, placedAt },
    context: contextOf(request, commandId, orderId, fingerprint),
    presumeNew: true,
    ...(fingerprint !== undefined && { lookFrom: 0n }),
    ...(ifMatch !== undefined && { ifMatch }),
  });
  // Placed by an earlier request with this key, and moved on since: the answer tells where it was then.
  const movedOn = fingerprint !== undefined && state.status !== 'placed';
  const before = movedOn && (await placedBefore(store, orderId, fingerprint));
  return before || placedAnswer(events[0], reached);
}

const isLines = <Lines extends readonly unknown[]>(value: Lines | CommandAnswer): value is Lines =>
  Array.isArray(value);

/**
 * An order with a key has the id that follows from it. Others have ids in the order of time (UUID version 7), so that what is
 * stored of the orders of a moment lies side by side, in few pages.
 */
function idsOf(request: Parameters<typeof scopedKeyOf>[0]): Ids {
  const scoped = scopedKeyOf(request);
  if (scoped === undefined) return { orderId: orderIdFrom(v7()), commandId: randomUUID() };
  const { id, commandId } = createdByKey(scoped);
  return { orderId: orderIdFrom(id), commandId, fingerprint: fingerprintOf(request.body) };
}

/** The answer given when the order was placed, if it was. Throws `KeyReused` when that was another order. */
async function placedBefore(
  store: EventStore,
  orderId: OrderId,
  fingerprint: string,
): Promise<CommandAnswer | undefined> {
  for await (const { event, revision, position, metadata } of store.read(orderStream(orderId))) {
    if (metadata.fingerprint !== fingerprint) throw new KeyReused();
    return placedAnswer(event as OrderEvent, { revision, position });
  }
  return undefined;
}

function placedAnswer(event: OrderEvent | undefined, reached: Reached): CommandAnswer {
  if (event?.type !== 'OrderPlaced') throw new TypeError('an order was placed without OrderPlaced');
  const { orderId, customerId, lines: items, total, placedAt } = event.data;
  const etag = orderTag(reached);
  return commandAnswer(201, { orderId, status: 'placed', customerId, items, total, placedAt }, reached, etag);
}
