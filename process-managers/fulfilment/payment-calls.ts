import type { FulfilmentCommand } from '../../domain/fulfilment/commands.ts';
import { requestPayment } from '../../domain/fulfilment/waits.ts';
import type { OrderId } from '../../domain/kernel/ids.ts';
import type { PaymentCommand } from '../../domain/payment/commands.ts';
import type { PaymentProvider } from '../../integrations/payments/payment-provider.ts';
import type { CallOutcome, Definition } from '../engine/definition.ts';
import { lanesOf, reasonOf } from './lanes.ts';
import type { Fulfilment } from './types.ts';

type Outcome = CallOutcome<FulfilmentCommand>;
type Calls = Pick<Definition<Fulfilment>['calls'], 'CapturePayment' | 'SettlePayment' | 'RefundPayment'>;

interface Options {
  readonly payments: PaymentProvider;
  /** Read when a response has arrived: it dates what the provider did. */
  readonly clock: () => Date;
}

const actor = 'payment-provider';

/** The calls to the payment provider. */
export const paymentCalls = ({ payments, clock }: Options): Calls => {
  const now = (): string => clock().toISOString();
  return {
    CapturePayment: {
      waitingFor: 'payment',
      actor,
      // Also per token, since a slow token must not delay others.
      lanes: (call) => [...lanesOf(call), `token ${call.paymentToken}`],
      announce: (call) => requestPayment({ ...call, total: call.amount }),
      make: async (call, signal) => {
        const { orderId, customerId, amount, paymentToken: token } = call;
        const response = await payments.capture({ orderId, customerId, amount, token }, signal);
        const request = { orderId, customerId, amount, paymentToken: token };
        // The request is recorded with its outcome in one append, unless it was announced (ADR 0009).
        const record = (command: PaymentCommand): Outcome =>
          result({ ...to(orderId, command), isFirst: true });
        switch (response.outcome) {
          case 'captured': {
            const { reference } = response;
            const capture = { type: 'RecordCapture', reference, capturedAt: now(), request } as const;
            return { ...record(capture), firstAt: 1n };
          }
          case 'declined':
            return record({ type: 'RecordDecline', reason: reasonOf(response), request });
          default:
            return { outcome: 'pending', reason: response.reason };
        }
      },
    },
    SettlePayment: {
      waitingFor: 'settlement',
      actor,
      lanes: lanesOf,
      make: async ({ orderId, customerId, reason }, signal) => {
        const response = await payments.settle({ orderId, customerId, reason }, signal);
        switch (response.outcome) {
          case 'captured': {
            const { reference } = response;
            const capture = to(orderId, { type: 'RecordCapture', reference, capturedAt: now() });
            return { ...result(capture), firstAt: 1n };
          }
          case 'nothing-moved':
            return result(to(orderId, { type: 'RecordFailure', reason }));
          default:
            return { outcome: 'pending', reason: response.reason };
        }
      },
    },
    RefundPayment: {
      waitingFor: 'refund',
      actor,
      lanes: lanesOf,
      make: async ({ orderId, customerId, amount, reason }, signal) => {
        const response = await payments.refund({ orderId, customerId, amount, reason }, signal);
        switch (response.outcome) {
          case 'refunded': {
            const { reference } = response;
            return result(to(orderId, { type: 'RecordRefund', reason, reference, refundedAt: now() }));
          }
          case 'refused':
            return { outcome: 'refused', reason: reasonOf(response) };
          default:
            return { outcome: 'pending', reason: response.reason };
        }
      },
    },
  };
};

const to = (id: OrderId, command: PaymentCommand) => ({ to: 'payment', id, command }) as const;

const result = (command: FulfilmentCommand) => ({ outcome: 'result', command }) as const;
