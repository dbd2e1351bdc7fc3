import { expect, it } from 'vitest';
import { inventoryDecider } from '../domain/inventory/decider.ts';
import { productId } from '../domain/kernel/ids.ts';
import { money } from '../domain/kernel/money.ts';
import { productDecider } from '../domain/product/decider.ts';
import type { RecordedEvent } from '../event-store/codec/recorded-event.ts';
import { openingStock } from './opening-stock.ts';
import { type Shop, shop } from './testing/shop.ts';

async function created(here: Shop, openingQuantity: number): Promise<RecordedEvent> {
  const command = {
    type: 'CreateProduct',
    productId: productId('tea'),
    name: 'Tea',
    price: money(250, 'GBP'),
    openingQuantity,
  } as const;
  await here.send('product-tea', productDecider, command);
  const [recorded] = await here.eventsOf('product-tea');
  if (recorded === undefined) throw new RangeError('no product was created');
  return recorded;
}

it('puts the opening stock in place, once, however often it hears of the product', async () => {
  const here = shop();
  const recorded = await created(here, 12);
  await openingStock(here.direct)(recorded);
  await openingStock(here.direct)(recorded);
  const [opened, ...others] = await here.eventsOf('inventory-tea');
  expect(opened?.event).toEqual({ type: 'StockOpened', data: { productId: 'tea', quantity: 12 } });
  expect(opened?.metadata).toMatchObject({
    $causationId: recorded.id,
    actor: { sub: 'opening-stock', role: 'system' },
  });
  expect(others).toEqual([]);
});

it('leaves alone what the API has put there', async () => {
  const here = shop();
  const recorded = await created(here, 12);
  await here.send('inventory-tea', inventoryDecider, {
    type: 'OpenStock',
    productId: productId('tea'),
    quantity: 12,
  });
  await openingStock(here.direct)(recorded);
  expect(await here.typesOf('inventory-tea')).toEqual(['StockOpened']);
});

it('has nothing to do for a product without opening stock, or for another event', async () => {
  const here = shop();
  await openingStock(here.direct)(await created(here, 0));
  await here.send('product-tea', productDecider, {
    type: 'ChangeProduct',
    productId: productId('tea'),
    name: 'Green tea',
  });
  const [, renamed] = await here.eventsOf('product-tea');
  if (renamed !== undefined) await openingStock(here.direct)(renamed);
  expect(await here.typesOf('inventory-tea')).toEqual([]);
});
