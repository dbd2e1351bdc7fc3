import { type ShopOrder, waitsForDispatch } from './shop-order.ts';

const SAY_AFTER_MS = 10_000;

/** Orders between POST and rest. Reports what they wait for when none has come to rest for 10 s. */
export interface InFlight {
  seen(orderId: string, order: ShopOrder | undefined): void;
  gone(orderId: string): void;
}

export function watchInFlight(remark: (text: string) => void, sayAfterMs: number = SAY_AFTER_MS): InFlight {
  const orders = new Map<string, ShopOrder | undefined>();
  let movedAt = performance.now();
  return {
    seen: (orderId, order) => {
      orders.set(orderId, order);
      if (performance.now() - movedAt >= sayAfterMs) remark(describe([...orders.values()]));
    },
    gone: (orderId) => {
      orders.delete(orderId);
      movedAt = performance.now();
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
