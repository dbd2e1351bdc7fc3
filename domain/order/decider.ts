import { type Decider, unchanged } from '../kernel/decider.ts';
import { NotFound, unhandled } from '../kernel/domain-error.ts';
import type { CancelOrder, MarkOrderShipped, OrderCommand, PlaceOrder, RejectOrder } from './commands.ts';
import {
  OrderAlreadyClosed,
  OrderAlreadyConfirmed,
  OrderAlreadyShipped,
  OrderNotYetShipped,
} from './errors.ts';
import type { OrderEvent } from './events.ts';
import { type ExistingOrder, initialOrder, type OrderState } from './state.ts';
import { withTotals } from './totals.ts';

/** An order: placed → confirmed → shipped → delivered, or rejected, or cancelled. It throws the errors of `errors.ts`. */
export const orderDecider: Decider<OrderState, OrderCommand, OrderEvent> = {
  decide,
  evolve,
  initialState: initialOrder,
};

function decide(command: OrderCommand, state: OrderState): readonly OrderEvent[] {
  switch (command.type) {
    case 'PlaceOrder':
      return state.status === 'unplaced' ? [placed(command)] : [];
    case 'ConfirmOrder':
      return confirm(existing(state));
    case 'RejectOrder':
      return reject(command, existing(state));
    case 'MarkOrderShipped':
      return ship(command, existing(state));
    case 'MarkOrderDelivered':
      return deliver(existing(state));
    case 'CancelOrder':
      return cancel(command, existing(state));
    default:
      return unhandled(command);
  }
}

function evolve(state: OrderState, event: OrderEvent): OrderState {
  switch (event.type) {
    case 'OrderPlaced': {
      const { orderId, customerId, total, placedAt } = event.data;
      return { status: 'placed', orderId, customerId, total, placedAt };
    }
    case 'OrderConfirmed':
      return become('confirmed', state);
    case 'OrderRejected':
      return become('rejected', state);
    case 'OrderShipped':
      return become('shipped', state);
    case 'OrderDelivered':
      return become('delivered', state);
    case 'OrderCancelled':
      return become('cancelled', state);
    default:
      return unchanged(state, event);
  }
}

function placed(command: PlaceOrder): OrderEvent {
  const { orderId, customerId, paymentToken, shipTo, placedAt } = command;
  const { lines, total } = withTotals(command);
  const data = { orderId, customerId, lines, total, paymentToken, ...(shipTo && { shipTo }), placedAt };
  return { type: 'OrderPlaced', data };
}

function confirm(order: ExistingOrder): readonly OrderEvent[] {
  if (isClosed(order)) throw new OrderAlreadyClosed(order);
  return order.status === 'placed' ? [{ type: 'OrderConfirmed', data: owner(order) }] : [];
}

function reject({ reason, short }: RejectOrder, order: ExistingOrder): readonly OrderEvent[] {
  if (order.status === 'rejected') return [];
  if (isClosed(order)) throw new OrderAlreadyClosed(order);
  if (wasShipped(order)) throw new OrderAlreadyShipped(order);
  if (order.status === 'confirmed') throw new OrderAlreadyConfirmed(order);
  return [{ type: 'OrderRejected', data: { ...owner(order), reason, ...(short && { short: [...short] }) } }];
}

/** Shipping also confirms the order, since the two commands may arrive in any order. */
function ship({ carrier, trackingNumber }: MarkOrderShipped, order: ExistingOrder): readonly OrderEvent[] {
  if (isClosed(order)) throw new OrderAlreadyClosed(order);
  if (wasShipped(order)) return [];
  const shipped = { type: 'OrderShipped', data: { ...owner(order), carrier, trackingNumber } } as const;
  return [...confirm(order), shipped];
}

function deliver(order: ExistingOrder): readonly OrderEvent[] {
  if (isClosed(order)) throw new OrderAlreadyClosed(order);
  if (!wasShipped(order)) throw new OrderNotYetShipped(order);
  return order.status === 'shipped' ? [{ type: 'OrderDelivered', data: owner(order) }] : [];
}

function cancel({ reason, cancelledBy }: CancelOrder, order: ExistingOrder): readonly OrderEvent[] {
  if (order.status === 'cancelled') return [];
  if (isClosed(order)) throw new OrderAlreadyClosed(order);
  if (wasShipped(order)) throw new OrderAlreadyShipped(order);
  const why = reason === undefined ? {} : { reason };
  return [{ type: 'OrderCancelled', data: { ...owner(order), ...why, cancelledBy } }];
}

const isClosed = ({ status }: ExistingOrder): boolean => status === 'rejected' || status === 'cancelled';
const wasShipped = ({ status }: ExistingOrder): boolean => status === 'shipped' || status === 'delivered';
const owner = ({ orderId, customerId }: ExistingOrder) => ({ orderId, customerId });

const become = (status: ExistingOrder['status'], state: OrderState): OrderState =>
  state.status === 'unplaced' ? state : { ...state, status };

function existing(state: OrderState): ExistingOrder {
  if (state.status === 'unplaced') throw new NotFound('order');
  return state;
}
