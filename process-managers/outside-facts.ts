import type { OutsideCall } from '../domain/fulfilment/steps.ts';
import { unhandled } from '../domain/kernel/domain-error.ts';
import type { PaymentCommand } from '../domain/payment/commands.ts';
import type { ShipmentCommand } from '../domain/shipment/commands.ts';
import type { Carrier } from '../integrations/carrier/carrier.ts';
import type { PaymentProvider, Unavailable, Unknown } from '../integrations/payments/payment-provider.ts';
import type { OrderInHand } from './steps.ts';

/** What a call came to, as the command that records it. */
export type Fact =
  | { readonly on: 'payment'; readonly command: PaymentCommand }
  | { readonly on: 'shipment'; readonly command: ShipmentCommand };

/** A call that came to nothing yet; its deadline asks again. */
export interface NoFact {
  readonly on: 'nothing';
  readonly outcome: 'unavailable' | 'unknown' | 'refused' | 'by-operator' | 'recalled';
  readonly reason?: string;
}

export interface Outside {
  readonly payments: PaymentProvider;
  readonly carrier: Carrier;
}

/** Asks the outside; `now` (ISO 8601, read when the answer is there) dates what it did. */
export async function ask(
  { payments, carrier }: Outside,
  { orderId, customerId }: OrderInHand,
  call: OutsideCall,
  now: () => string,
  signal: AbortSignal,
): Promise<Fact | NoFact> {
  switch (call.call) {
    case 'capture-payment': {
      const { amount, paymentToken: token } = call;
      const answer = await payments.capture({ orderId, customerId, amount, token }, signal);
      if (answer.outcome === 'captured') return captured(answer.reference, now());
      if (answer.outcome === 'declined')
        return payment({ type: 'RecordDecline', reason: told(answer.reason) });
      return notYet(answer);
    }
    case 'settle-payment': {
      const { reason } = call;
      const answer = await payments.settle({ orderId, customerId, reason }, signal);
      if (answer.outcome === 'captured') return captured(answer.reference, now());
      if (answer.outcome === 'nothing-moved') return payment({ type: 'RecordFailure', reason });
      return notYet(answer);
    }
    case 'refund-payment': {
      const { amount, reason } = call;
      const answer = await payments.refund({ orderId, customerId, amount, reason }, signal);
      if (answer.outcome === 'refused')
        return { on: 'nothing', outcome: 'refused', reason: told(answer.reason) };
      if (answer.outcome !== 'refunded') return notYet(answer);
      const { reference } = answer;
      return payment({ type: 'RecordRefund', reason, reference, refundedAt: now() });
    }
    case 'dispatch-shipment': {
      const answer = await carrier.dispatch({ orderId, customerId }, signal);
      if (answer.outcome !== 'dispatched') return { on: 'nothing', ...answer };
      const { carrier: name, trackingNumber } = answer;
      const command = {
        type: 'RecordDispatch',
        carrier: name,
        trackingNumber,
        dispatchedAt: now(),
      } as const;
      return { on: 'shipment', command };
    }
    case 'recall-shipment': {
      const answer = await carrier.recall({ orderId, customerId }, signal);
      if (answer.outcome === 'unavailable') return { on: 'nothing', ...answer };
      const recall = answer.outcome === 'refused' ? { ...answer, reason: told(answer.reason) } : answer;
      return { on: 'shipment', command: { type: 'RecordRecall', ...recall, recalledAt: now() } };
    }
    default:
      return unhandled(call);
  }
}

const payment = (command: PaymentCommand): Fact => ({ on: 'payment', command });
const captured = (reference: string, capturedAt: string): Fact =>
  payment({ type: 'RecordCapture', reference, capturedAt });
const notYet = ({ outcome, reason }: Unavailable | Unknown): NoFact => ({ on: 'nothing', outcome, reason });

/** What others say, in the 1 to 500 characters that a reason may have. */
const told = (reason: string): string => reason.slice(0, 500) || 'no reason given';
