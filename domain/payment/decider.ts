import { type Decider, unchanged } from '../kernel/decider.ts';
import { NotFound, unhandled } from '../kernel/domain-error.ts';
import type {
  PaymentCommand,
  PaymentRequest,
  RecordCapture,
  RecordDecline,
  RecordRefund,
  RequestRefund,
  ResolvePayment,
} from './commands.ts';
import { PaymentNotCaptured, PaymentNotInDoubt } from './errors.ts';
import type { PaymentEvent } from './events.ts';
import { initialPayment, type PaymentState, type RequestedPayment } from './state.ts';

/**
 * The payment of one order. Reports of the provider are never rejected once the payment was requested. The first capture is
 * recorded in any status, and no later report undoes it.
 */
export const paymentDecider: Decider<PaymentState, PaymentCommand, PaymentEvent> = {
  decide,
  evolve,
  initialState: initialPayment,
};

function decide(command: PaymentCommand, state: PaymentState): readonly PaymentEvent[] {
  switch (command.type) {
    case 'RequestPayment':
      return state.status === 'unrequested' ? [requested(command)] : [];
    case 'RecordCapture':
      return withRequest(command, state, (payment) => recordCapture(command, payment));
    case 'RecordDecline':
      return withRequest(command, state, (payment) =>
        recordUnpaid('PaymentDeclined', command.reason, payment),
      );
    case 'RecordFailure':
      return recordUnpaid('PaymentFailed', command.reason, existing(state));
    case 'ResolvePayment':
      return resolve(command, existing(state));
    case 'RequestRefund':
      return requestRefund(command, existing(state));
    case 'RecordRefund':
      return recordRefund(command, existing(state));
    default:
      return unhandled(command);
  }
}

function evolve(state: PaymentState, event: PaymentEvent): PaymentState {
  if (event.type === 'PaymentRequested') {
    const { orderId, customerId, amount } = event.data;
    return { status: 'requested', orderId, customerId, amount, contradictions: [] };
  }
  if (state.status === 'unrequested') return state;
  const { orderId, customerId, amount, contradictions } = state;
  const payment = { orderId, customerId, amount, contradictions };
  const reference = wasCaptured(state) ? state.reference : '';
  switch (event.type) {
    case 'PaymentCaptured':
      return { status: 'captured', ...payment, reference: event.data.reference };
    case 'PaymentDeclined':
      return { status: 'declined', ...payment };
    case 'PaymentFailed':
      return { status: 'failed', ...payment };
    case 'RefundRequested':
      return { status: 'refund-requested', ...payment, reference, reason: event.data.reason };
    case 'PaymentRefunded':
      return { status: 'refunded', ...payment, reference, refundReference: event.data.reference };
    case 'PaymentDoubtResolved':
      return state;
    case 'PaymentContradicted':
      return { ...state, contradictions: [...contradictions, event.data.detail] };
    default:
      return unchanged(state, event);
  }
}

/** Records a result; before it its request, if that is missing. Throws `NotFound` when neither is known. */
function withRequest(
  { request }: RecordCapture | RecordDecline,
  state: PaymentState,
  record: (payment: RequestedPayment) => readonly PaymentEvent[],
): readonly PaymentEvent[] {
  if (state.status !== 'unrequested' || request === undefined) return record(existing(state));
  const event = requested(request);
  return [event, ...record(existing(evolve(state, event)))];
}

function requested({ orderId, customerId, amount, paymentToken }: PaymentRequest): PaymentEvent {
  return { type: 'PaymentRequested', data: { orderId, customerId, amount, paymentToken } };
}

function recordCapture(
  { reference, capturedAt }: RecordCapture,
  payment: RequestedPayment,
): readonly PaymentEvent[] {
  if (wasCaptured(payment)) {
    // A capture that an operator recorded without a reference may be any.
    if (reference === payment.reference || [reference, payment.reference].includes(NOT_KNOWN)) return [];
    return contradicted('captured-twice', `captured again, with reference ${reference}`, payment);
  }
  const data = { ...owner(payment), amount: payment.amount, reference, capturedAt };
  return [{ type: 'PaymentCaptured', data }];
}

function recordUnpaid(
  type: 'PaymentDeclined' | 'PaymentFailed',
  reason: string,
  payment: RequestedPayment,
): readonly PaymentEvent[] {
  if (payment.status === 'requested') return [{ type, data: { ...owner(payment), reason } }];
  if (!wasCaptured(payment)) return [];
  const [kind, what] =
    type === 'PaymentDeclined'
      ? (['declined-after-capture', 'declined'] as const)
      : (['failed-after-capture', 'no money moved'] as const);
  return contradicted(kind, `the provider captured the payment, then said: ${what}`, payment);
}

type Contradiction = Extract<PaymentEvent, { type: 'PaymentContradicted' }>['data']['kind'];

/** Records a contradiction once, also when the provider repeats it. */
function contradicted(kind: Contradiction, what: string, payment: RequestedPayment): readonly PaymentEvent[] {
  const detail = what.slice(0, 500);
  if (payment.contradictions.includes(detail)) return [];
  return [{ type: 'PaymentContradicted', data: { ...owner(payment), kind, detail } }];
}

/** When the order has ended, fulfilment refunds a payment that is resolved as captured, like any late capture. */
function resolve(command: ResolvePayment, payment: RequestedPayment): readonly PaymentEvent[] {
  if (isAlreadyRecorded(command, payment)) return [];
  if (command.outcome === 'refunded') {
    const { reason, reference = NOT_KNOWN, refundedAt } = command;
    return [refunded({ reason, reference, refundedAt }, payment)];
  }
  if (payment.status !== 'requested') throw new PaymentNotInDoubt(payment);
  const { outcome, reason, resolvedBy } = command;
  const resolved: PaymentEvent = {
    type: 'PaymentDoubtResolved',
    data: { ...owner(payment), outcome, reason, resolvedBy },
  };
  if (outcome === 'failed') return [resolved, ...recordUnpaid('PaymentFailed', reason, payment)];
  const { reference = NOT_KNOWN, capturedAt } = command;
  return [resolved, ...recordCapture({ type: 'RecordCapture', reference, capturedAt }, payment)];
}

/** The reference of an outcome that an operator records without one. */
const NOT_KNOWN = 'not known';

function isAlreadyRecorded(command: ResolvePayment, payment: RequestedPayment): boolean {
  if (command.outcome === 'failed') return payment.status === 'failed';
  if (command.outcome === 'refunded') return payment.status === 'refunded';
  return wasCaptured(payment) && (command.reference ?? payment.reference) === payment.reference;
}

function requestRefund(
  { reason, requestedBy }: RequestRefund,
  payment: RequestedPayment,
): readonly PaymentEvent[] {
  if (!wasCaptured(payment)) throw new PaymentNotCaptured(payment);
  if (payment.status !== 'captured') return [];
  return [{ type: 'RefundRequested', data: { ...owner(payment), reason, requestedBy } }];
}

function recordRefund(command: RecordRefund, payment: RequestedPayment): readonly PaymentEvent[] {
  const { reference, refundedAt } = command;
  if (payment.status === 'refunded') {
    // A refund that an operator made outside the provider has no reference of the provider.
    if (reference === payment.refundReference) return [];
    return contradicted('refunded-twice', `refunded again, with reference ${reference}`, payment);
  }
  const reason = payment.status === 'refund-requested' ? payment.reason : (command.reason ?? 'refunded');
  return [refunded({ reason, reference, refundedAt }, payment)];
}

function refunded(
  how: { readonly reason: string; readonly reference: string; readonly refundedAt: string },
  payment: RequestedPayment,
): PaymentEvent {
  if (!wasCaptured(payment)) throw new PaymentNotCaptured(payment);
  return { type: 'PaymentRefunded', data: { ...owner(payment), amount: payment.amount, ...how } };
}

const wasCaptured = (
  payment: RequestedPayment,
): payment is Extract<RequestedPayment, { reference: string }> =>
  payment.status === 'captured' || payment.status === 'refund-requested' || payment.status === 'refunded';
const owner = ({ orderId, customerId }: RequestedPayment) => ({ orderId, customerId });

function existing(state: PaymentState): RequestedPayment {
  if (state.status === 'unrequested') throw new NotFound('payment');
  return state;
}
