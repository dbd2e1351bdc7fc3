import type { OrderId } from '../kernel/ids.ts';
import { unhandled } from '../kernel/refusal.ts';
import type { FulfilmentEvent } from './events.ts';
import type { FulfilmentInput, NoteOrderPlaced } from './inputs.ts';
import { type FulfilmentState, isCaptured } from './state.ts';

type FactInput = Exclude<
  FulfilmentInput,
  {
    type:
      | 'NoteStepsAnswered'
      | 'FireDeadline'
      | 'NoteAttemptEnded'
      | 'NoteWaitSetAside'
      | 'ResumeWait'
      | 'LookAtFulfilment';
  }
>;

/** What an input teaches that the state does not know. */
export function factsOf(input: FactInput, state: FulfilmentState): readonly FulfilmentEvent[] {
  const { orderId } = input;
  switch (input.type) {
    case 'NoteOrderPlaced':
      return state.order === undefined ? [started(input)] : [];
    case 'NotePaymentCaptured':
      return capturedUnlessKnown(orderId, state);
    case 'NotePaymentDeclined':
      return state.payment === 'unknown' ? [unpaid(orderId, 'declined', input.reason)] : [];
    case 'NotePaymentFailed':
      return state.payment === 'unknown' ? [unpaid(orderId, 'failed', input.reason)] : [];
    case 'NoteRefundRequested':
      // One that was set aside is taken up again: somebody asks for it anew.
      if (state.refund.status === 'owed' || state.refund.status === 'settled') return [];
      return [
        ...capturedUnlessKnown(orderId, state),
        { type: 'RefundOwed', data: { orderId, reason: input.reason } },
      ];
    case 'NoteRefundRefused': {
      if (state.refund.status !== 'owed') return [];
      const { reason } = state.refund;
      return [{ type: 'RefundSetAside', data: { orderId, reason, refusal: input.refusal } }];
    }
    case 'ResumeRefund':
      if (state.refund.status !== 'set-aside') return [];
      return [{ type: 'RefundOwed', data: { orderId, reason: state.refund.reason } }];
    case 'NotePaymentRefunded':
      if (state.refund.status === 'settled') return [];
      return [...capturedUnlessKnown(orderId, state), { type: 'RefundSettled', data: { orderId } }];
    case 'NoteShipmentDispatched': {
      if (state.status === 'shipping') return [];
      const { carrier, trackingNumber } = input;
      const dispatched = {
        type: 'FulfilmentDispatched',
        data: { orderId, carrier, trackingNumber },
      } as const;
      return [...capturedUnlessKnown(orderId, state), dispatched];
    }
    case 'NoteShipmentDelivered':
      return state.delivered ? [] : [{ type: 'FulfilmentDelivered', data: { orderId } }];
    case 'NoteShipmentCancelled': {
      if (state.status !== 'selling') return [];
      const { reason, cancelledBy } = input;
      const why = reason === undefined ? {} : { reason };
      return [{ type: 'FulfilmentCancelled', data: { orderId, ...why, cancelledBy } }];
    }
    default:
      return unhandled(input);
  }
}

/** Refunds and shipments are asked for only once the money is there, so that hearing of one says that it is. */
const capturedUnlessKnown = (orderId: OrderId, state: FulfilmentState): readonly FulfilmentEvent[] =>
  isCaptured(state) ? [] : [{ type: 'FulfilmentPaid', data: { orderId } }];

function started(input: NoteOrderPlaced): FulfilmentEvent {
  const { orderId, customerId, total, paymentToken, orderPosition } = input;
  const lines = input.lines.map(({ productId, quantity }) => ({ productId, quantity }));
  return {
    type: 'FulfilmentStarted',
    data: { orderId, customerId, lines, total, paymentToken, orderPosition },
  };
}

const unpaid = (orderId: OrderId, outcome: 'declined' | 'failed', reason: string): FulfilmentEvent => ({
  type: 'FulfilmentUnpaid',
  data: { orderId, outcome, reason },
});
