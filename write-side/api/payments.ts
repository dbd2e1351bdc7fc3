import { z } from 'zod';
import { paymentDecider } from '../../domain/payment/decider.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import { paymentStream } from '../../event-store/streams.ts';
import { ResourceNotFound } from '../../platform/http/errors.ts';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import type { CommandHandler } from '../commands/command-handler.ts';
import { answer, commandAnswer, RefundAnswer } from './answers.ts';
import { CommandHeaders, OrderPath, Reason } from './inputs.ts';
import { following, type Perform } from './perform.ts';
import { keyProblem, stale } from './problem-texts.ts';
import { readOrder } from './read-order.ts';
import type { TryRefund } from './try-refund.ts';

export interface PaymentRoutesOptions {
  readonly handler: CommandHandler;
  readonly store: EventStore;
  readonly perform: Perform;
  readonly tryRefund: TryRefund;
}

const Refund = z.strictObject({ reason: Reason }).meta({ id: 'RefundRequest' });

export function paymentRoutes({
  handler,
  store,
  perform,
  tryRefund,
}: PaymentRoutesOptions): readonly Route[] {
  const refund = defineRoute({
    method: 'post',
    path: '/api/v1/payments/:orderId/refund',
    summary: 'Gives the money back',
    description:
      'The payment provider is asked at once, with a short patience. When it does not answer, the refund stays requested and is carried on with in the background. An order that was not dispatched yet is cancelled with it.',
    tag: 'payments',
    roles: ['operator', 'admin'],
    params: OrderPath,
    body: Refund,
    headers: CommandHeaders,
    responses: { 200: answer('refunded or under way, now or before', RefundAnswer) },
    problems: {
      404: 'there is no such order, or no payment was asked for yet',
      409: 'nothing was captured',
      412: stale,
      422: keyProblem,
    },
    handle: async (request) => {
      const { orderId } = request.params;
      const { reason } = request.body;
      await readOrder(store, orderId, request.caller);
      const target = { stream: paymentStream(orderId), correlationId: orderId };
      return perform(request, target, async (sending) => {
        const requested = await handler.handle({
          ...sending,
          stream: target.stream,
          decider: paymentDecider,
          command: { type: 'RequestRefund', reason, requestedBy: request.caller.sub },
        });
        const { state, ...reached } =
          requested.state.status === 'refund-requested'
            ? ((await tryRefund(requested.state, following(sending.context, 'refund'))) ?? requested)
            : requested;
        if (state.status === 'unrequested') throw new ResourceNotFound('payment', orderId);
        return commandAnswer(200, { orderId, status: state.status, amount: state.amount }, reached);
      });
    },
  });

  return [refund];
}
