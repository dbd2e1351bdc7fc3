import { reservationOf } from '../inventory/state.ts';
import type { Shortage } from '../kernel/values.ts';
import { dueTasks, reservationsOf } from './commands.ts';
import type { FulfilmentEvent } from './events.ts';
import { evolve } from './evolve.ts';
import type { BeginFulfilment, Reservation } from './inputs.ts';
import type { FulfilmentState } from './state.ts';

/** Returns the first events of an order: the order itself, and the result of its reservations if it has one. */
export function beginningFacts(
  { event, orderPosition, reservations }: BeginFulfilment,
  state: FulfilmentState,
): readonly FulfilmentEvent[] {
  const { orderId, customerId, lines, total, paymentToken } = event.data;
  const ordered = lines.map(({ productId, quantity }) => ({ productId, quantity }));
  const order = { orderId, customerId, lines: ordered, total, paymentToken, orderPosition };
  const started: FulfilmentEvent = { type: 'FulfilmentStarted', data: order };
  const next = evolve(state, started);
  return dueTasks(next)[0] === 'reserve' ? [started, ...stockFacts(reservations, next)] : [started];
}

/** Returns the result of an order's reservations; no event while the result of a line is missing. */
export function stockFacts(
  reservations: readonly Reservation[],
  state: FulfilmentState,
): readonly FulfilmentEvent[] {
  if (state.order === undefined) return [];
  const { orderId } = state.order;
  const stocks = new Map(reservations.map(({ productId, stock }) => [productId, stock]));
  const questioned: FulfilmentEvent[] = [];
  const short: Shortage[] = [];
  for (const reservation of reservationsOf(state.order, state)) {
    const { productId } = reservation;
    const stock = stocks.get(productId);
    if (stock === undefined) return [];
    const result = reservationOf(stock, reservation);
    if (result.held === 'unknown')
      questioned.push({
        type: 'ReservationQuestioned',
        data: { orderId, productId, closings: result.closings },
      });
    else if (!result.held)
      short.push({ productId, requested: result.requested, available: result.available });
  }
  if (questioned.length > 0) return questioned;
  if (short.length > 0) return [{ type: 'StockShort', data: { orderId, short } }];
  return [{ type: 'StockAllocated', data: { orderId } }];
}
