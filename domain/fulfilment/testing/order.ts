import { inventoryDecider } from '../../inventory/decider.ts';
import type { InventoryEvent } from '../../inventory/events.ts';
import { type InventoryState, initialInventory } from '../../inventory/state.ts';
import { customerId, orderId, type ProductId, productId } from '../../kernel/ids.ts';
import { money } from '../../kernel/money.ts';
import type { OrderPlaced, Reservation } from '../inputs.ts';

/** The order of all specs: six lanterns and two hearts. */
export const lantern = productId('71053');
export const heart = productId('85123A');
export const id = orderId('o-1');
export const ofOrder = { orderId: id };
export const owner = { ...ofOrder, customerId: customerId('17850') };
export const total = money(2544, 'GBP');

export const order = {
  ...owner,
  lines: [
    { productId: lantern, quantity: 6 },
    { productId: heart, quantity: 2 },
  ],
  total,
  paymentToken: 'tok_ok',
  orderPosition: '10423',
};

/** ISO 8601 of a time of the day on which everything happens. */
export const on = (time: string): string => `2010-12-01T${time}.000Z`;
export const placedAt = on('08:26:00');

export const orderPlaced: OrderPlaced = {
  type: 'OrderPlaced',
  data: {
    ...owner,
    lines: [
      {
        productId: lantern,
        name: 'Lantern',
        quantity: 6,
        unitPrice: money(339, 'GBP'),
        lineTotal: money(2034, 'GBP'),
      },
      {
        productId: heart,
        name: 'Heart',
        quantity: 2,
        unitPrice: money(255, 'GBP'),
        lineTotal: money(510, 'GBP'),
      },
    ],
    total,
    paymentToken: 'tok_ok',
    placedAt,
  },
};

const stockAfter = (events: readonly InventoryEvent[], state = initialInventory): InventoryState =>
  events.reduce(inventoryDecider.evolve, state);

const ofReservation = (productId: ProductId) => ({
  productId,
  ...ofOrder,
  orderPosition: order.orderPosition,
});

const heldOf = (productId: ProductId, quantity: number): Reservation => ({
  productId,
  stock: stockAfter([
    { type: 'StockReceived', data: { productId, quantity: 10 } },
    { type: 'StockReserved', data: { ...ofReservation(productId), quantity } },
  ]),
});

/** The stock of a product that holds the order's units. */
export const lanternHeld = heldOf(lantern, 6);
export const heartHeld = heldOf(heart, 2);
/** The stock of a product that has rejected the order's reservation. */
export const heartShort: Reservation = {
  productId: heart,
  stock: stockAfter([
    { type: 'StockReceived', data: { productId: heart, quantity: 1 } },
    {
      type: 'StockReservationRefused',
      data: { ...ofReservation(heart), requested: 2, available: 1, cause: 'short' },
    },
  ]),
};
/** The stock of a product that has forgotten seven orders, which may include this one. */
export const heartUnknown: Reservation = {
  productId: heart,
  stock: stockAfter([{ type: 'StockReceived', data: { productId: heart, quantity: 10 } }], {
    ...initialInventory,
    closed: { ...initialInventory.closed, forgotten: 7, forgottenUpTo: 20_000 },
  }),
};
