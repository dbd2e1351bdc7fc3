import { type Decider, unchanged } from '../kernel/decider.ts';
import { unhandled } from '../kernel/domain-error.ts';
import { type ClosedOrder, close, closedOrder, mayBeForgotten } from './closed-orders.ts';
import type {
  AddStock,
  AdjustStock,
  CommitStock,
  InventoryCommand,
  ReleaseStock,
  ReserveStock,
} from './commands.ts';
import { StockBelowReserved, StockNotReserved, StockTooLarge } from './errors.ts';
import type { InventoryEvent } from './events.ts';
import { heldFor, type InventoryState, initialInventory, levels } from './state.ts';

/**
 * The stock of one product, which is never oversold. It does not know whether the product exists. A reservation gets all its
 * units or is rejected: with an event when the stock is short, without one when the order is closed, or may be closed, at
 * this product. A release, a commitment and a recorded rejection close the order at this product.
 */
export const inventoryDecider: Decider<InventoryState, InventoryCommand, InventoryEvent> = {
  decide,
  evolve,
  initialState: initialInventory,
};

function decide(command: InventoryCommand, state: InventoryState): readonly InventoryEvent[] {
  switch (command.type) {
    case 'OpenStock':
      return state.status === 'opened' ? [] : [added('StockOpened', command, state)];
    case 'ReceiveStock':
      return [added('StockReceived', command, state)];
    case 'AdjustStock':
      return adjust(command, state);
    case 'ReserveStock':
      return reserve(command, state);
    case 'ReleaseStock':
      return release(command, state);
    case 'CommitStock':
      return commit(command, state);
    default:
      return unhandled(command);
  }
}

function evolve(state: InventoryState, event: InventoryEvent): InventoryState {
  switch (event.type) {
    case 'StockOpened':
      return { ...state, status: 'opened', onHand: state.onHand + event.data.quantity };
    case 'StockReceived':
    case 'StockAdjusted':
      return { ...state, onHand: state.onHand + event.data.quantity };
    case 'StockReserved': {
      const { orderId, quantity } = event.data;
      const reserved = state.reserved - (heldFor(state, orderId) ?? 0) + quantity;
      return { ...state, reserved, open: state.open.set(orderId, quantity) };
    }
    case 'StockReservationRefused': {
      const { requested, available } = event.data;
      return closed(state, event.data, { requested, available });
    }
    case 'StockReleased':
      return closed(state, event.data, null);
    case 'StockCommitted':
      return closed({ ...state, onHand: state.onHand - event.data.quantity }, event.data, null);
    default:
      return unchanged(state, event);
  }
}

function added(
  type: 'StockOpened' | 'StockReceived',
  { productId, quantity }: AddStock,
  state: InventoryState,
): InventoryEvent {
  if (!Number.isSafeInteger(state.onHand + quantity))
    throw new StockTooLarge({ productId, quantity, ...levels(state) });
  return { type, data: { productId, quantity } };
}

function adjust(
  { productId, quantity, reason }: AdjustStock,
  state: InventoryState,
): readonly InventoryEvent[] {
  if (quantity === 0) return [];
  const onHand = state.onHand + quantity;
  const change = { productId, quantity, ...levels(state) };
  if (onHand < state.reserved) throw new StockBelowReserved(change);
  if (!Number.isSafeInteger(onHand)) throw new StockTooLarge(change);
  return [{ type: 'StockAdjusted', data: { productId, quantity, reason } }];
}

function reserve(command: ReserveStock, state: InventoryState): readonly InventoryEvent[] {
  const { productId, orderId, orderPosition, quantity } = command;
  // When the order is or may be closed, reserve and record nothing: the command may be a repetition.
  if (heldFor(state, orderId) !== undefined || isClosed(command, state)) return [];
  if (mayBeForgotten(state.closed, command)) return [];

  const ofReservation = { productId, orderId, orderPosition };
  const { available } = levels(state);
  if (quantity <= available) return [{ type: 'StockReserved', data: { ...ofReservation, quantity } }];
  const data = { ...ofReservation, requested: quantity, available, cause: 'short' } as const;
  return [{ type: 'StockReservationRefused', data }];
}

/** Closes the order whether it has a reservation or not; later reservations are rejected. An order that was forgotten is closed again. */
function release(command: ReleaseStock, state: InventoryState): readonly InventoryEvent[] {
  const { productId, orderId, orderPosition } = command;
  const quantity = heldFor(state, orderId);
  if (quantity === undefined && isClosed(command, state)) return [];
  return [{ type: 'StockReleased', data: { productId, orderId, orderPosition, quantity: quantity ?? 0 } }];
}

function commit(command: CommitStock, state: InventoryState): readonly InventoryEvent[] {
  const { productId, orderId, orderPosition } = command;
  const quantity = heldFor(state, orderId);
  if (quantity !== undefined)
    return [{ type: 'StockCommitted', data: { productId, orderId, orderPosition, quantity } }];
  if (isClosed(command, state) || mayBeForgotten(state.closed, command)) return [];
  throw new StockNotReserved(productId, orderId);
}

const isClosed = (
  { orderId }: ReserveStock | ReleaseStock | CommitStock,
  { closed }: InventoryState,
): boolean => closedOrder(closed, orderId) !== undefined;

function closed(
  state: InventoryState,
  { orderId, orderPosition }: Pick<ReleaseStock, 'orderId' | 'orderPosition'>,
  rejected: ClosedOrder['rejected'],
): InventoryState {
  // `Number` rounds positions beyond 2^53, which keeps their order.
  return {
    ...state,
    reserved: state.reserved - (heldFor(state, orderId) ?? 0),
    open: state.open.delete(orderId),
    closed: close(state.closed, orderId, { orderPosition: Number(orderPosition), rejected }),
  };
}
