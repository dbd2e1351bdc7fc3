import { aggregate } from '../../command-handling/aggregates.ts';
import type {
  CommandContext,
  CommandHandler,
  CommandResult,
} from '../../command-handling/command-handler.ts';
import type { PaymentEvent } from '../../domain/payment/events.ts';
import type { PaymentState } from '../../domain/payment/state.ts';
import type { Actor } from '../../event-store/codec/recorded-event.ts';
import type { Logger } from '../../event-store/logger.ts';
import type { PaymentProvider } from '../../integrations/payments/payment-provider.ts';
import { untilAborted } from '../../platform/async/until-aborted.ts';

type RequestedRefund = Extract<PaymentState, { readonly status: 'refund-requested' }>;

/** Returns the recorded refund; undefined if it is left to the fulfilment. Never rejects. */
export type AttemptRefund = (
  payment: RequestedRefund,
  context: CommandContext,
) => Promise<CommandResult<PaymentState, PaymentEvent> | undefined>;

export interface AttemptRefundOptions {
  readonly payments: Pick<PaymentProvider, 'refund'>;
  readonly handler: CommandHandler;
  readonly clock: () => Date;
  readonly logger: Logger;
  /** Timeout of the call of the payment provider in milliseconds. */
  readonly withinMs: number;
}

const paymentProvider: Actor = { sub: 'payment-provider', role: 'system' };

/**
 * Calls the provider for a requested refund and records the result, so that the client gets it in the response. If this
 * fails, the fulfilment calls the provider again, which refunds an order only once.
 */
export function createAttemptRefund(options: AttemptRefundOptions): AttemptRefund {
  const { payments, handler, clock, logger, withinMs } = options;
  return async ({ orderId, customerId, amount, reason }, context) => {
    try {
      const timeout = AbortSignal.timeout(withinMs);
      const refunding = payments.refund({ orderId, customerId, amount, reason }, timeout);
      const result = await untilAborted(refunding, timeout);
      if (result?.outcome !== 'refunded') {
        const outcome = result?.outcome ?? 'timeout';
        logger.info('refund left to the fulfilment', { orderId, outcome });
        return undefined;
      }
      return await handler.handle({
        ...aggregate('payment', orderId),
        command: { type: 'RecordRefund', reference: result.reference, refundedAt: clock().toISOString() },
        context: { ...context, actor: paymentProvider },
      });
    } catch (error) {
      logger.warn('refund left to the fulfilment', { orderId, error });
      return undefined;
    }
  };
}
