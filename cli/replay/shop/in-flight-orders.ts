import { type ShopOrder, waitsForDispatch } from './shop-order.ts';

const PRINT_AFTER_MS = 10_000;

export type OrdersInFlight = ReturnType<typeof watchOrdersInFlight>;

/** Watches orders between POST and rest. Prints what they wait for when none has come to rest for 10 s. */
export function watchOrdersInFlight(print: (text: string) => void, printAfterMs = PRINT_AFTER_MS) {
  const orders = new Map<string, ShopOrder | undefined>();
  let lastRemovedAt = performance.now();
  return {
    /** Records the state of an order that is not at rest. */
    update: (orderId: string, order: ShopOrder | undefined): void => {
      orders.set(orderId, order);
      if (performance.now() - lastRemovedAt >= printAfterMs) print(describe([...orders.values()]));
    },
    remove: (orderId: string): void => {
      orders.delete(orderId);
      lastRemovedAt = performance.now();
    },
  };
}

function describe(orders: readonly (ShopOrder | undefined)[]): string {
  const waiting = orders.filter(waitsForDispatch).length;
  const rest = orders.length - waiting;
  return [
    ...(waiting === 0
      ? []
      : [
          `${waiting} orders wait for dispatch (with CARRIER=manual an operator dispatches each: ` +
            'POST /api/v1/shipments/ORDER/dispatch)',
        ]),
    ...(rest === 0 ? [] : [`${rest} orders wait for stock, payment or the process managers`]),
  ].join('; ');
}
