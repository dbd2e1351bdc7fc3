import { z } from 'zod';
import { OrderId } from '../../domain/kernel/ids.ts';
import { Money } from '../../domain/kernel/money.ts';
import { defineRoute } from '../../platform/http/route.ts';
import type { CommandRoute } from '../command-services.ts';
import { reachedFields, success } from '../http/command-response.ts';
import { followUpContext } from '../http/run-command.ts';
import { Reason } from '../http/text-schemas.ts';
import { examplePayment, paymentRoute, runPaymentCommand, unknownPayment } from './run-payment-command.ts';

const Refund = z
  .strictObject({ reason: Reason })
  .meta({ id: 'RefundRequest', example: { reason: 'arrived broken' } });

const Refunded = z
  .object({
    orderId: OrderId,
    status: z.enum(['refunded', 'refund-requested']).meta({
      description:
        'refund-requested: the payment provider did not respond in time; the fulfilment carries out the refund',
    }),
    amount: Money,
    ...reachedFields,
  })
  .meta({
    id: 'Refund',
    example: { ...examplePayment, status: 'refunded', revision: '3', position: '7001' },
  });

export const refundPayment: CommandRoute = (services) =>
  defineRoute({
    ...paymentRoute,
    path: '/api/v1/payments/:orderId/refund',
    summary: 'Refunds a captured payment',
    description:
      'The payment provider is called at once, with a short timeout. If it does not respond in time, the refund stays requested and continues in the background. An order that was not dispatched yet is cancelled too.',
    body: Refund,
    responses: { 200: success('refunded or requested, now or before', Refunded) },
    problems: { ...unknownPayment, 409: 'nothing was captured' },
    handle: (request) => {
      const { reason } = request.body;
      const command = { type: 'RequestRefund', reason, requestedBy: request.caller.sub } as const;
      return runPaymentCommand(
        services,
        request,
        request.params.orderId,
        command,
        async (requested, { context }) => {
          if (requested.state.status !== 'refund-requested') return requested;
          const refunded = await services.attemptRefund(requested.state, followUpContext(context, 'refund'));
          return refunded ?? requested;
        },
      );
    },
  });
