import type { InventoryCommand } from '../inventory/commands.ts';
import { unhandled } from '../kernel/domain-error.ts';
import type { OrderId, ProductId } from '../kernel/ids.ts';
import type { OutgoingCommand } from '../kernel/workflow.ts';
import type { OrderCommand } from '../order/commands.ts';
import type { PaymentCommand } from '../payment/commands.ts';
import type { ShipmentCommand } from '../shipment/commands.ts';
import type { FulfilmentState, Order, Task } from './state.ts';
import { isCaptured, isSold } from './state.ts';

interface Sending extends OutgoingCommand {
  readonly accepts?: 'order-already-closed' | 'shipment-already-dispatched';
}

/** A command of the fulfilment for another aggregate (`to`). */
export type FulfilmentCommand = Sending &
  (
    | { readonly to: 'order'; readonly id: OrderId; readonly command: OrderCommand }
    | { readonly to: 'inventory'; readonly id: ProductId; readonly command: InventoryCommand }
    | { readonly to: 'payment'; readonly id: OrderId; readonly command: PaymentCommand }
    | { readonly to: 'shipment'; readonly id: OrderId; readonly command: ShipmentCommand }
  );

/** Returns the tasks that are still to do, in order; none before the order is known. */
export const dueTasks = (state: FulfilmentState): readonly Task[] =>
  state.order === undefined ? [] : tasksOf(state).filter((task) => !state.done.includes(task));

function tasksOf(state: FulfilmentState): readonly Task[] {
  switch (state.status) {
    case 'selling':
      if (state.stock === 'unknown') return ['reserve'];
      return isCaptured(state) && !isSold(state) ? ['call-off'] : [];
    case 'shipping':
      if (state.stock === 'unknown') return ['reserve'];
      return state.isDelivered ? ['ship', 'deliver'] : ['ship'];
    case 'rejecting':
      return ['reject'];
    case 'cancelling':
      return ['cancel'];
    default:
      return unhandled(state);
  }
}

/** Returns the commands of a task in stages: one stage after another, the commands of a stage side by side. */
export function commandsOf(
  task: Task,
  order: Order,
  state: FulfilmentState,
): readonly (readonly FulfilmentCommand[])[] {
  const { orderId: id, customerId } = order;
  switch (task) {
    case 'reserve':
      return [
        reservationsOf(order, state).map((reservation) => ({
          to: 'inventory',
          id: reservation.productId,
          command: { type: 'ReserveStock', ...reservation },
        })),
      ];
    case 'call-off': {
      const command = { type: 'CancelShipment', orderId: id, customerId } as const;
      const why = { reason: 'the payment was refunded', cancelledBy: 'fulfilment' };
      return [
        [{ to: 'shipment', id, command: { ...command, ...why }, accepts: 'shipment-already-dispatched' }],
      ];
    }
    case 'ship': {
      if (state.status !== 'shipping') return [];
      const { carrier, trackingNumber } = state;
      const shipped = { type: 'MarkOrderShipped', carrier, trackingNumber } as const;
      return [forEachLine('CommitStock', order), [{ to: 'order', id, command: shipped }]];
    }
    case 'deliver':
      return [[{ to: 'order', id, command: { type: 'MarkOrderDelivered' } }]];
    case 'reject': {
      if (state.status !== 'rejecting') return [];
      const { reason, short } = state;
      const command = { type: 'RejectOrder', reason, ...(short.length > 0 && { short }) } as const;
      return releaseAndClose(order, command);
    }
    case 'cancel': {
      if (state.status !== 'cancelling') return [];
      const { reason, cancelledBy } = state;
      const command = { type: 'CancelOrder', ...(reason !== undefined && { reason }), cancelledBy } as const;
      return releaseAndClose(order, command);
    }
    default:
      return unhandled(task);
  }
}

/** Returns the reservation of each line. A questioned one carries the number of orders closed at its product (ADR 0010). */
export const reservationsOf = (
  { orderId, orderPosition, lines }: Order,
  { closings }: Pick<FulfilmentState, 'closings'>,
) =>
  lines.map(({ productId, quantity }) => {
    const waitingAt = closings[productId];
    return { productId, orderId, orderPosition, quantity, ...(waitingAt !== undefined && { waitingAt }) };
  });

/** Returns the commands that release the stock and then close the order, unless it was closed in another way. */
const releaseAndClose = (order: Order, command: OrderCommand): readonly (readonly FulfilmentCommand[])[] => [
  forEachLine('ReleaseStock', order),
  [{ to: 'order', id: order.orderId, command, accepts: 'order-already-closed' }],
];

const forEachLine = (
  type: 'CommitStock' | 'ReleaseStock',
  { lines, orderId, orderPosition }: Order,
): readonly FulfilmentCommand[] =>
  lines.map(({ productId }) => ({
    to: 'inventory',
    id: productId,
    command: { type, productId, orderId, orderPosition },
  }));
