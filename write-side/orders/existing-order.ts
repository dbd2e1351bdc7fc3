import { z } from 'zod';
import { aggregate } from '../../command-handling/aggregates.ts';
import { readState } from '../../command-handling/state/read-state.ts';
import { OrderId } from '../../domain/kernel/ids.ts';
import type { ExistingOrder } from '../../domain/order/state.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import { ResourceNotFound } from '../../platform/http/response/errors.ts';
import type { Caller } from '../../platform/http/route.ts';

/** The id of the order in the examples of the OpenAPI document. */
export const exampleOrder = '01a20184-bd75-737b-b1d4-a86ccd3d3e63';

export const OrderPath = z.strictObject({
  orderId: OrderId.meta({
    description: 'The id of the order, from the response that placed it.',
    example: exampleOrder,
  }),
});

export const unknownOrder = { 404: 'the order does not exist' } as const;

/** The current state of an order, and its revision. */
export interface OrderRead {
  readonly order: ExistingOrder;
  readonly revision: bigint;
}

/**
 * Reads an order from its stream. Throws `ResourceNotFound` also for another customer's order, so that a customer does
 * not learn that it exists.
 */
export async function readOrder(
  store: Pick<EventStore, 'read'>,
  orderId: OrderId,
  caller: Caller,
): Promise<OrderRead> {
  const { state: order, revision } = await readState(store, aggregate('order', orderId));
  const isForeign =
    caller.role === 'customer' && order.status !== 'unplaced' && caller.sub !== order.customerId;
  if (order.status === 'unplaced' || revision === undefined || isForeign)
    throw new ResourceNotFound('order', orderId);
  return { order, revision };
}
