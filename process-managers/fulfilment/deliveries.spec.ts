import { describe, expect, it } from 'vitest';
import { deliverAll, runToRest } from './testing/deliveries.ts';
import { createShop } from './testing/shop.ts';

describe('deliveries to the fulfilment', () => {
  it('change nothing when they are redelivered', async () => {
    const shop = createShop();
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 });
    await runToRest(shop, shop.startProcess());
    const before = await shop.store.head();
    await deliverAll(shop, shop.startProcess());
    await deliverAll(shop, shop.startProcess());
    expect(await shop.store.head()).toEqual(before);
  });

  it('are ignored when their event means nothing to the fulfilment', async () => {
    const shop = createShop();
    await shop.stock('tea', 10);
    const [received] = await shop.eventsOf('inventory-tea');
    const process = shop.startProcess();
    if (received !== undefined) await process.handle(received);
    expect(await shop.typesOf('fulfilment-o-1')).toEqual([]);
  });

  it('are handled one after another when they arrive at the same time for one order', async () => {
    const shop = createShop();
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 });
    let atOnce = 0;
    const seen: number[] = [];
    const process = shop.startProcess({
      cachedState: shop.direct.cachedState,
      handle: async (request) => {
        if (request.stream !== 'inventory-tea') return shop.direct.handle(request);
        seen.push(++atOnce);
        return shop.direct.handle(request).finally(() => void atOnce--);
      },
    });
    const [placed] = await shop.events();
    if (placed === undefined) throw new RangeError('no order was placed');
    await Promise.all([1, 2, 3].map(() => process.handle(placed)));
    await process.calls.stop(0);
    expect(seen).toEqual([1, 1, 1]);
    expect(await shop.typesOf('inventory-tea')).toEqual(['StockReceived', 'StockReserved']);
  });
});
