import { describe, expect, it } from 'vitest';
import type { InventoryEvent } from '../../domain/inventory/events.ts';
import { orderId, productId } from '../../domain/kernel/ids.ts';
import { inventoryStream } from '../../event-catalogue/streams.ts';
import { runToRest } from './testing/deliveries.ts';
import { createShop, type Shop } from './testing/shop.ts';

/** Reserves and commits `count` orders of tea; `positionOf(n)` is the log position of the n-th order. */
async function sold(shop: Shop, count: number, positionOf: (n: number) => number): Promise<void> {
  const events = Array.from({ length: count }, (_, n): InventoryEvent[] => {
    const other = orderId(`other-${positionOf(n)}`);
    const data = {
      productId: productId('tea'),
      orderId: other,
      orderPosition: String(positionOf(n)),
      quantity: 1,
    };
    return [
      { type: 'StockReserved', data },
      { type: 'StockCommitted', data },
    ];
  }).flat();
  const metadata = {
    $correlationId: 'other',
    $causationId: 'other',
    actor: { sub: 'ann', role: 'customer' },
  } as const;
  for (let from = 0; from < events.length; from += 2_000) {
    const part = events.slice(from, from + 2_000);
    const commandId = `sold-${positionOf(0)}-${from}`;
    await shop.store.append(
      inventoryStream('tea'),
      part.map((event) => ({ event, metadata: { ...metadata, commandId } })),
      'any',
    );
  }
}

describe('stock is reserved once for each order, although a product remembers only its last 10,000 closed orders', () => {
  it('reserves nothing for a redelivered order that has shipped and is no longer remembered', async () => {
    const shop = createShop();
    await shop.stock('tea', 20_000);
    await shop.place({ tea: 4 });
    await runToRest(shop, shop.startProcess());
    await sold(shop, 10_001, (n) => 1_000_000 + n);
    const process = shop.startProcess();
    for (const recorded of await shop.events()) await process.handle(recorded);
    expect(await shop.outcome('tea')).toMatchObject({ order: 'shipped', stock: { tea: [9_995, 0] } });
  });

  it('reserves stock for an order that is handled after 10,001 later orders', async () => {
    const shop = createShop();
    await shop.stock('tea', 20_000);
    await shop.place({ tea: 4 });
    await sold(shop, 10_001, (n) => 1_000_000 + n);
    await runToRest(shop, shop.startProcess());
    expect(await shop.outcome('tea')).toMatchObject({ order: 'shipped', stock: { tea: [9_995, 0] } });
  });

  it('reserves nothing for a cancelled order that is delivered late, when the product no longer remembers all orders', async () => {
    const shop = createShop();
    await shop.stock('tea', 20_000);
    await shop.place({ tea: 4 });
    await shop.cancel();
    await sold(shop, 10_001, (n) => 1_000_000 + n);
    const process = shop.startProcess();
    for (const recorded of (await shop.events()).toReversed()) await process.handle(recorded);
    await runToRest(shop, process);
    expect(await shop.outcome('tea')).toMatchObject({ order: 'cancelled', stock: { tea: [9_999, 0] } });
  });

  it('reserves stock for a new order although 20 earlier orders have times of the next day', async () => {
    const shop = createShop();
    await shop.stock('tea', 20_000);
    shop.jumpTo('2026-01-06T10:00:00.000Z');
    await sold(shop, 20, (n) => n + 1);
    shop.jumpTo('2026-01-05T10:00:00.000Z');
    await sold(shop, 10_000, (n) => 21 + n);
    await shop.place({ tea: 1 });
    await runToRest(shop, shop.startProcess());
    expect(await shop.outcome('tea')).toMatchObject({ order: 'shipped', stock: { tea: [9_979, 0] } });
  });
});
