import { unhandled } from '../../kernel/domain-error.ts';
import { dueRefundReason, type FulfilmentState, isCaptured } from '../state.ts';
import { dueWaits } from '../waits.ts';

/** Phase of an order, for readers. `docs/fulfilment.md` has the diagram. */
export type Phase =
  | 'reserving'
  | 'awaiting-payment'
  | 'settling'
  | 'awaiting-dispatch'
  | 'shipping'
  | 'shipped'
  | 'refunding'
  | 'rejecting'
  | 'rejected'
  | 'cancelling'
  | 'cancelled';

/** Returns the phase of an order. Parking a wait does not change it: the order goes on from there when it is replayed. */
export function phaseOf(state: FulfilmentState): Phase {
  const { status, done } = state;
  switch (status) {
    case 'selling':
      return sellingPhase(state);
    case 'shipping':
      if (!done.includes('ship')) return 'shipping';
      return isOpen(state) ? 'refunding' : 'shipped';
    case 'rejecting':
      return done.includes('reject') && !isOpen(state) ? 'rejected' : 'rejecting';
    case 'cancelling':
      return done.includes('cancel') && !isOpen(state) ? 'cancelled' : 'cancelling';
    default:
      return unhandled(status);
  }
}

function sellingPhase(state: FulfilmentState): Phase {
  if (state.stock === 'unknown') return 'reserving';
  // The shipment of a refunded order is cancelled, which cancels the order.
  if (state.refund.status !== 'none') return 'cancelling';
  if (isCaptured(state)) return 'awaiting-dispatch';
  return state.isPaymentGivenUp ? 'settling' : 'awaiting-payment';
}

/** Whether money or a parcel still has to come back, or the provider has not said whether it charged. */
const isOpen = (state: FulfilmentState): boolean =>
  dueRefundReason(state) !== undefined || dueWaits(state).length > 0;
