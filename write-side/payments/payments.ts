import { z } from 'zod';
import type { CommandHandler, CommandResult } from '../../command-handling/command-handler.ts';
import { OrderId } from '../../domain/kernel/ids.ts';
import { Money } from '../../domain/kernel/money.ts';
import type { PaymentCommand, ResolvePayment } from '../../domain/payment/commands.ts';
import { paymentDecider } from '../../domain/payment/decider.ts';
import type { PaymentEvent } from '../../domain/payment/events.ts';
import type { PaymentState } from '../../domain/payment/state.ts';
import { paymentStream } from '../../event-catalogue/streams.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import { ResourceNotFound } from '../../platform/http/response/errors.ts';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import { parking as parkingOf, refundStep } from '../../process-managers/parked/parked-steps.ts';
import { examples } from '../examples.ts';
import { CommandHeaders, OrderPath, Reason, text } from '../inputs.ts';
import { readOrder } from '../orders/read-order.ts';
import { following, type Perform, type Sending } from '../perform.ts';
import { keyProblem, stale } from '../problem-texts.ts';
import { answer, commandAnswer, type Reached, RefundAnswer, reached } from '../responses.ts';
import type { TryRefund } from './try-refund.ts';

export interface PaymentRoutesOptions {
  readonly handler: CommandHandler;
  readonly store: EventStore;
  readonly perform: Perform;
  readonly tryRefund: TryRefund;
  readonly clock: () => Date;
}

const Resolution = z
  .discriminatedUnion('outcome', [
    z.strictObject({
      outcome: z.literal('captured'),
      providerReference: text(200).optional(),
      reason: Reason,
    }),
    z.strictObject({ outcome: z.literal('failed'), reason: Reason }),
    z.strictObject({
      outcome: z.literal('refunded'),
      providerReference: text(200).optional(),
      reason: Reason,
    }),
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
    ...reached,
  })
  .meta({ id: 'PaymentResolved', example: examples.resolved });

type Told = CommandResult<PaymentState, PaymentEvent>;

const Refund = z
  .strictObject({ reason: Reason })
  .meta({ id: 'RefundRequest', example: { reason: 'arrived broken' } });

export function paymentRoutes({
  handler,
  store,
  perform,
  tryRefund,
  clock,
}: PaymentRoutesOptions): readonly Route[] {
  const parking = parkingOf(handler, clock);

  const answerOf = async (orderId: OrderId, state: PaymentState, reached: Reached) => {
    if (state.status === 'unrequested') throw new ResourceNotFound('payment', orderId);
    const { status, amount } = state;
    // What went back after all is not to be looked at any more.
    if (status === 'refunded') await parking.replayed(refundStep(orderId).stepId);
    return commandAnswer(200, { orderId, status, amount }, reached);
  };

  /** Sends a command to an order's payment; `goOn` may do more before what it came to is answered. */
  const toPayment = async (
    request: Parameters<Perform>[0],
    orderId: OrderId,
    command: PaymentCommand,
    goOn: (told: Told, sending: Sending) => Promise<Told> = async (told) => told,
  ) => {
    await readOrder(store, orderId, request.caller);
    const target = { stream: paymentStream(orderId), part: 'payment', correlationId: orderId } as const;
    return perform(request, target, async (sending) => {
      const told = await handler.handle({
        ...sending,
        stream: target.stream,
        decider: paymentDecider,
        command,
      });
      const { state, ...reached } = await goOn(told, sending);
      return answerOf(orderId, state, reached);
    });
  };

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
      404: 'there is no such order, or its payment is not recorded yet',
      409: 'nothing was captured',
      412: stale,
      422: keyProblem,
    },
    handle: (request) => {
      const { orderId } = request.params;
      const { reason } = request.body;
      const command = { type: 'RequestRefund', reason, requestedBy: request.caller.sub } as const;
      return toPayment(request, orderId, command, async (requested, { context }) =>
        requested.state.status === 'refund-requested'
          ? ((await tryRefund(requested.state, following(context, 'refund'))) ?? requested)
          : requested,
      );
    },
  });

  const resolve = defineRoute({
    method: 'post',
    path: '/api/v1/payments/:orderId/resolve',
    summary:
      'Says what became of a payment that the provider tells nothing of, or of a refund that it refuses',
    description:
      'captured or failed: of a payment that was asked for and never answered. The order is carried on with from there; money that was captured for an order that has ended meanwhile is given back. refunded: of captured money that went back by another way. The provider is not asked, and a refund that was parked leaves that list.',
    tag: 'payments',
    roles: ['operator', 'admin'],
    params: OrderPath,
    body: Resolution,
    headers: CommandHeaders,
    responses: { 200: answer('recorded, now or before', Resolved) },
    problems: {
      404: 'there is no such order, or its payment is not recorded yet',
      409: 'its outcome is known, and another; or nothing was captured that could have gone back',
      412: stale,
      422: keyProblem,
    },
    handle: (request) =>
      toPayment(request, request.params.orderId, resolution(request.body, request.caller.sub, clock())),
  });

  return [refund, resolve];
}

function resolution(body: z.output<typeof Resolution>, resolvedBy: string, now: Date): ResolvePayment {
  const command = { type: 'ResolvePayment', reason: body.reason, resolvedBy } as const;
  if (body.outcome === 'failed') return { ...command, outcome: 'failed' };
  const { outcome, providerReference: reference } = body;
  const known = { ...command, ...(reference !== undefined && { reference }) };
  return outcome === 'captured'
    ? { ...known, outcome, capturedAt: now.toISOString() }
    : { ...known, outcome, refundedAt: now.toISOString() };
}
