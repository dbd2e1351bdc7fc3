import type { OrderId } from '../../domain/kernel/ids.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import type { OrderEvent } from '../../domain/order/events.ts';
import type { ExistingOrder, OrderState } from '../../domain/order/state.ts';
import { orderStream } from '../../event-catalogue/streams.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import { ResourceNotFound } from '../../platform/http/response/errors.ts';
import type { Caller } from '../../platform/http/route.ts';

export interface OrderRead {
  readonly order: ExistingOrder;
  readonly revision: bigint;
}

/**
 * An order as its stream tells it now. Throws `ResourceNotFound` when there is none, and when it is another customer's:
 * a customer learns nothing of others' orders, not even that they are.
 */
export async function readOrder(store: EventStore, orderId: OrderId, caller: Caller): Promise<OrderRead> {
  let order: OrderState = orderDecider.initialState;
  let revision = 0n;
  for await (const recorded of store.read(orderStream(orderId))) {
    order = orderDecider.evolve(order, recorded.event as OrderEvent);
    revision = recorded.revision;
  }
  if (order.status === 'unplaced' || (caller.role === 'customer' && caller.sub !== order.customerId))
    throw new ResourceNotFound('order', orderId);
  return { order, revision };
}
