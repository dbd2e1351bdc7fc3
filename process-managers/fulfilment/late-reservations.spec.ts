import { describe, expect, it } from 'vitest';
import type { InventoryEvent } from '../../domain/inventory/events.ts';
import { orderId, productId } from '../../domain/kernel/ids.ts';
import { inventoryStream } from '../../event-catalogue/streams.ts';
import { runToRest, type Shop, shop } from './testing/shop.ts';

/** Reserves and commits `count` orders of tea; `positionOf(n)` is the log position of the n-th order. */
async function sold(here: Shop, count: number, positionOf: (n: number) => number): Promise<void> {
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
    await here.store.append(
      inventoryStream('tea'),
      part.map((event) => ({ event, metadata: { ...metadata, commandId } })),
      'any',
    );
  }
}

describe('a reservation', () => {
  it('is not repeated for a shipped order that the product has forgotten', async () => {
    const here = shop();
    await here.stock('tea', 20_000);
    await here.place({ tea: 4 });
    await runToRest(here, here.startProcess());
    await sold(here, 10_001, (n) => 1_000_000 + n);
    const process = here.startProcess();
    for (const recorded of await here.heard()) await process.handle(recorded);
    expect(await here.books('tea')).toMatchObject({ order: 'shipped', stock: { tea: [9_995, 0] } });
  });

  it('is made for an order that waited while 10,001 later orders were committed', async () => {
    const here = shop();
    await here.stock('tea', 20_000);
    await here.place({ tea: 4 });
    await sold(here, 10_001, (n) => 1_000_000 + n);
    await runToRest(here, here.startProcess());
    expect(await here.books('tea')).toMatchObject({ order: 'shipped', stock: { tea: [9_995, 0] } });
  });

  it('is not made for an order that was cancelled before its delivery, when the product has forgotten orders', async () => {
    const here = shop();
    await here.stock('tea', 20_000);
    await here.place({ tea: 4 });
    await here.cancel();
    await sold(here, 10_001, (n) => 1_000_000 + n);
    const process = here.startProcess();
    for (const recorded of (await here.heard()).toReversed()) await process.handle(recorded);
    await runToRest(here, process);
    expect(await here.books('tea')).toMatchObject({ order: 'cancelled', stock: { tea: [9_999, 0] } });
  });

  it('is made after 20 orders from a clock a day ahead, and 10,000 from a correct clock', async () => {
    const here = shop();
    await here.stock('tea', 20_000);
    here.jumpTo('2026-01-06T10:00:00.000Z');
    await sold(here, 20, (n) => n + 1);
    here.jumpTo('2026-01-05T10:00:00.000Z');
    await sold(here, 10_000, (n) => 21 + n);
    await here.place({ tea: 1 });
    await runToRest(here, here.startProcess());
    expect(await here.books('tea')).toMatchObject({ order: 'shipped', stock: { tea: [9_979, 0] } });
  });
});
