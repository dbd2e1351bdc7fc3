import type { StockCommitted, StockReserved } from '../../domain/inventory/events.ts';
import type { EventOf } from '../../domain/kernel/event.ts';
import { orderId, productId } from '../../domain/kernel/ids.ts';

type Movement = EventOf<typeof StockReserved | typeof StockCommitted>;

/** Returns `count` movements of a product's stock from number `first` on: each order reserves a unit, then commits it. */
export function stockMovements(product: string, first: number, count: number): Movement[] {
  return Array.from({ length: count }, (_, index) => {
    const number = first + index;
    const order = Math.floor(number / 2);
    return {
      type: number % 2 === 0 ? 'StockReserved' : 'StockCommitted',
      data: {
        productId: productId(product),
        orderId: orderId(`${order.toString(16).padStart(8, '0')}-5eed-4000-8000-000000000000`),
        orderPosition: String(1_000 * (order + 1)),
        quantity: 1,
      },
    };
  });
}
