import { aggregate } from '../../command-handling/aggregates.ts';
import type { CommandResult } from '../../command-handling/command-handler.ts';
import type { OrderId } from '../../domain/kernel/ids.ts';
import type { PaymentCommand } from '../../domain/payment/commands.ts';
import type { PaymentEvent } from '../../domain/payment/events.ts';
import type { PaymentState } from '../../domain/payment/state.ts';
import { waitItem } from '../../event-catalogue/parked-items.ts';
import { ResourceNotFound } from '../../platform/http/response/errors.ts';
import type { RouteResponse } from '../../platform/http/route.ts';
import type { CommandServices } from '../command-services.ts';
import { commandResponse } from '../http/command-response.ts';
import { commandRoute } from '../http/command-route.ts';
import type { CommandHttpRequest, SendOptions } from '../http/run-command.ts';
import { exampleOrder, OrderPath, readOrder } from '../orders/existing-order.ts';
import { resolveItem } from '../parked/parking-list.ts';

/** What all routes of payments declare. */
export const paymentRoute = {
  ...commandRoute,
  method: 'post',
  tag: 'payments',
  roles: ['operator', 'admin'],
  params: OrderPath,
} as const;

/** The order and the amount in the examples of the OpenAPI document. */
export const examplePayment = { orderId: exampleOrder, amount: { amount: 765, currency: 'GBP' } };

export const unknownPayment = {
  404: 'the order does not exist, or its payment is not recorded yet',
} as const;

type Result = CommandResult<PaymentState, PaymentEvent>;

/**
 * Runs a command on the payment of an order, and `next` after it. Responds with the payment. Throws `ResourceNotFound`.
 */
export async function runPaymentCommand(
  { handler, store, runCommand }: CommandServices,
  request: CommandHttpRequest,
  orderId: OrderId,
  command: PaymentCommand,
  next: (result: Result, options: SendOptions) => Promise<Result> = async (result) => result,
): Promise<RouteResponse> {
  await readOrder(store, orderId, request.caller);
  const payment = aggregate('payment', orderId);
  return runCommand(request, { ...payment, part: 'payment', correlationId: orderId }, async (options) => {
    const result = await handler.handle({ ...payment, ...options, command });
    const { state, ...reached } = await next(result, options);
    if (state.status === 'unrequested') throw new ResourceNotFound('payment', orderId);
    const { status, amount } = state;
    // A refund that was parked needs no operator any more.
    if (status === 'refunded') await resolveItem(handler, waitItem(orderId, 'refund').itemId);
    return commandResponse(200, { orderId, status, amount }, reached);
  });
}
