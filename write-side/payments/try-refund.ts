import type {
  CommandContext,
  CommandHandler,
  CommandResult,
} from '../../command-handling/command-handler.ts';
import { paymentDecider } from '../../domain/payment/decider.ts';
import type { PaymentEvent } from '../../domain/payment/events.ts';
import type { PaymentState } from '../../domain/payment/state.ts';
import { paymentStream } from '../../event-catalogue/streams.ts';
import type { Actor } from '../../event-store/codec/recorded-event.ts';
import type { Logger } from '../../event-store/logger.ts';
import type { PaymentProvider, RefundAnswer } from '../../integrations/payments/payment-provider.ts';
import { wait } from '../../integrations/resilience/wait.ts';

type ToRefund = Extract<PaymentState, { readonly status: 'refund-requested' }>;

/** What recording the refund came to; undefined when it is left to the fulfilment. Never rejects. */
export type TryRefund = (
  payment: ToRefund,
  context: CommandContext,
) => Promise<CommandResult<PaymentState, PaymentEvent> | undefined>;

export interface TryRefundOptions {
  readonly payments: Pick<PaymentProvider, 'refund'>;
  readonly handler: CommandHandler;
  readonly clock: () => Date;
  readonly logger: Logger;
  /** How long the provider may take before the caller is answered without it. */
  readonly withinMs: number;
}

const paymentProvider: Actor = { sub: 'payment-provider', role: 'system' };

/**
 * Asks the provider for a refund that was requested, and records it. Only to answer sooner: whatever fails here, the
 * fulfilment carries on from the request, and asking twice moves nothing twice.
 */
export function tryingRefund({ payments, handler, clock, logger, withinMs }: TryRefundOptions): TryRefund {
  return async ({ orderId, customerId, amount, reason }, context) => {
    try {
      const answer = await within(withinMs, (signal) =>
        payments.refund({ orderId, customerId, amount, reason }, signal),
      );
      if (answer?.outcome !== 'refunded') {
        logger.info('a refund is left to the fulfilment', {
          orderId,
          outcome: answer?.outcome ?? 'no answer yet',
        });
        return undefined;
      }
      return await handler.handle({
        stream: paymentStream(orderId),
        decider: paymentDecider,
        command: { type: 'RecordRefund', reference: answer.reference, refundedAt: clock().toISOString() },
        context: { ...context, actor: paymentProvider },
      });
    } catch (error) {
      logger.warn('a refund is left to the fulfilment', { orderId, error });
      return undefined;
    }
  };
}

/** Undefined when there is no answer within so many milliseconds; the asking is then given up. */
async function within(
  ms: number,
  ask: (signal: AbortSignal) => Promise<RefundAnswer>,
): Promise<RefundAnswer | undefined> {
  const enough = new AbortController();
  try {
    return (await Promise.race([ask(enough.signal), wait(ms, enough.signal)])) ?? undefined;
  } finally {
    enough.abort();
  }
}
