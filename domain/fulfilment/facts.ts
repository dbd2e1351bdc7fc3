import { unhandled } from '../kernel/domain-error.ts';
import type { EventOf } from '../kernel/event.ts';
import type { OrderId } from '../kernel/ids.ts';
import type { FulfilmentEvent, FulfilmentExceptionRecorded } from './events.ts';
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
      return capturedUnlessKnown(input, state);
    case 'NotePaymentDeclined':
      return state.payment === 'unknown' ? [unpaid(orderId, 'declined', input.reason)] : [];
    case 'NotePaymentFailed':
      return state.payment === 'unknown' ? [unpaid(orderId, 'failed', input.reason)] : [];
    case 'NoteRefundRequested':
      // One that was set aside is taken up again: somebody asks for it anew.
      if (state.refund.status === 'owed' || state.refund.status === 'settled') return [];
      return [
        ...capturedUnlessKnown(input, state),
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
      return [...capturedUnlessKnown(input, state), { type: 'RefundSettled', data: { orderId } }];
    case 'NoteShipmentDispatched': {
      if (state.status === 'shipping') return [];
      const { carrier, trackingNumber } = input;
      const dispatched = {
        type: 'FulfilmentDispatched',
        data: { orderId, carrier, trackingNumber },
      } as const;
      return [...capturedUnlessKnown(input, state), dispatched];
    }
    case 'NoteShipmentDelivered':
      return state.delivered ? [] : [{ type: 'FulfilmentDelivered', data: { orderId } }];
    case 'NoteShipmentCancelled': {
      if (state.status !== 'selling') return [];
      const { reason, cancelledBy } = input;
      const why = reason === undefined ? {} : { reason };
      return [{ type: 'FulfilmentCancelled', data: { orderId, ...why, cancelledBy } }];
    }
    case 'NoteContradiction': {
      const { kind, detail, at } = input;
      if (state.exceptions.some((known) => known.kind === kind && known.detail === detail)) return [];
      return [exception({ orderId, kind, detail, at }, state)];
    }
    case 'NoteShipmentRecalled':
      if (state.recall !== 'owed') return [];
      return [{ type: 'FulfilmentRecalled', data: { orderId, outcome: input.outcome } }];
    default:
      return unhandled(input);
  }
}

type Exception = Omit<EventOf<typeof FulfilmentExceptionRecorded>['data'], 'number'>;

const exception = (what: Exception, { exceptions }: FulfilmentState): FulfilmentEvent => ({
  type: 'FulfilmentExceptionRecorded',
  data: { ...what, number: exceptions.length + 1 },
});

/**
 * Refunds and shipments are requested only after the capture, so either one implies it. A capture for an order that has
 * ended is refunded and recorded as an exception.
 */
function capturedUnlessKnown(
  { orderId, now: at }: FactInput,
  state: FulfilmentState,
): readonly FulfilmentEvent[] {
  if (isCaptured(state)) return [];
  const paid: FulfilmentEvent = { type: 'FulfilmentPaid', data: { orderId } };
  if (state.status === 'cancelling') {
    const detail = 'the provider captured the payment after the order was cancelled; it is refunded';
    return [paid, exception({ orderId, kind: 'captured-after-cancel', detail, at }, state)];
  }
  if (state.status === 'rejecting') {
    const detail = 'the provider captured the payment after the order was rejected; it is refunded';
    return [paid, exception({ orderId, kind: 'captured-after-rejection', detail, at }, state)];
  }
  return [paid];
}

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
