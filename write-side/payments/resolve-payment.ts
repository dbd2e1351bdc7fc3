import { z } from 'zod';
import { OrderId } from '../../domain/kernel/ids.ts';
import { Money } from '../../domain/kernel/money.ts';
import type { ResolvePayment } from '../../domain/payment/commands.ts';
import { defineRoute } from '../../platform/http/route.ts';
import type { CommandRoute } from '../command-services.ts';
import { reachedFields, success } from '../http/command-response.ts';
import { Reason, text } from '../http/text-schemas.ts';
import { examplePayment, paymentRoute, runPaymentCommand, unknownPayment } from './run-payment-command.ts';

const providerReference = text(200).optional();

const Resolution = z
  .discriminatedUnion('outcome', [
    z.strictObject({ outcome: z.literal('captured'), providerReference, reason: Reason }),
    z.strictObject({ outcome: z.literal('failed'), reason: Reason }),
    z.strictObject({ outcome: z.literal('refunded'), providerReference, reason: Reason }),
  ])
  .meta({
    id: 'PaymentResolution',
    example: {
      outcome: 'captured',
      providerReference: 'pay_5f7c2d',
      reason: "found on the provider's statement",
    },
  });

const Resolved = z
  .object({
    orderId: OrderId,
    status: z.enum(['captured', 'failed', 'refund-requested', 'refunded']),
    amount: Money,
    ...reachedFields,
  })
  .meta({
    id: 'PaymentResolved',
    example: { ...examplePayment, status: 'captured', revision: '1', position: '6950' },
  });

export const resolvePayment: CommandRoute = (services) =>
  defineRoute({
    ...paymentRoute,
    path: '/api/v1/payments/:orderId/resolve',
    summary: 'Records the outcome of a payment or a refund that the provider does not report',
    description:
      'captured or failed: the outcome of a payment for which the provider never responded. The order continues from there; a capture for an order that has ended is refunded. refunded: a captured payment that was refunded outside the provider. The provider is not called, and a refund that was parked is unparked.',
    body: Resolution,
    responses: { 200: success('recorded, now or before', Resolved) },
    problems: {
      ...unknownPayment,
      409: 'another outcome is recorded; or there is no captured payment that could be refunded',
    },
    handle: (request) => {
      const command = resolution(request.body, request.caller.sub, services.clock());
      return runPaymentCommand(services, request, request.params.orderId, command);
    },
  });

function resolution(body: z.output<typeof Resolution>, resolvedBy: string, now: Date): ResolvePayment {
  const command = { type: 'ResolvePayment', reason: body.reason, resolvedBy } as const;
  if (body.outcome === 'failed') return { ...command, outcome: 'failed' };
  const { outcome, providerReference: reference } = body;
  const known = { ...command, ...(reference !== undefined && { reference }) };
  return outcome === 'captured'
    ? { ...known, outcome, capturedAt: now.toISOString() }
    : { ...known, outcome, refundedAt: now.toISOString() };
}
