import pLimit from 'p-limit';
import { describe, expect, it } from 'vitest';
import type { CommandHandler } from '../../command-handling/command-handler.ts';
import { inventoryDecider } from '../../domain/inventory/decider.ts';
import { productId } from '../../domain/kernel/ids.ts';
import { money } from '../../domain/kernel/money.ts';
import { productDecider } from '../../domain/product/decider.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import { silent } from '../../event-store/logger.ts';
import { createProcessManager } from '../engine/create-process-manager.ts';
import { createCrashGuard } from '../engine/parking/crash-guard.ts';
import { createParking } from '../engine/parking/parking.ts';
import { Crash, crashingAt } from '../engine/testing/crashing-handler.ts';
import { createShop, type Shop } from '../fulfilment/testing/shop.ts';
import { openingStock } from './opening-stock.ts';

const start = ({ direct, clock }: Shop, handler: CommandHandler = direct) =>
  createProcessManager(openingStock, {
    handler,
    parking: createParking(handler, clock),
    guard: createCrashGuard(handler, clock),
    limit: pLimit(10),
    maxRunningCalls: 1,
    maxWaitingCalls: 1,
    clock,
    logger: silent,
  });

/** Creates the product tea and returns its `ProductCreated`. */
async function created(shop: Shop, openingQuantity: number): Promise<RecordedEvent> {
  const command = {
    type: 'CreateProduct',
    productId: productId('tea'),
    name: 'Tea',
    price: money(250, 'GBP'),
    openingQuantity,
  } as const;
  await shop.send('product-tea', productDecider, command);
  const [recorded] = await shop.eventsOf('product-tea');
  if (recorded === undefined) throw new RangeError('no product was created');
  return recorded;
}

describe('the opening stock of a new product', () => {
  it('is recorded once when the event of the product is delivered repeatedly', async () => {
    const shop = createShop();
    const recorded = await created(shop, 12);
    const process = start(shop);
    await process.handle(recorded);
    await process.handle(recorded);
    const [opened, ...others] = await shop.eventsOf('inventory-tea');
    expect(opened?.event).toEqual({ type: 'StockOpened', data: { productId: 'tea', quantity: 12 } });
    expect(opened?.metadata).toMatchObject({
      $causationId: recorded.id,
      actor: { sub: 'opening-stock', role: 'system' },
    });
    expect(others).toEqual([]);
  });

  it('is not changed when the command API has already recorded it', async () => {
    const shop = createShop();
    const recorded = await created(shop, 12);
    await shop.send('inventory-tea', inventoryDecider, {
      type: 'OpenStock',
      productId: productId('tea'),
      quantity: 12,
    });
    await start(shop).handle(recorded);
    expect(await shop.typesOf('inventory-tea')).toEqual(['StockOpened']);
  });

  it('is recorded after a crash, when the event is delivered to another process', async () => {
    const shop = createShop();
    const recorded = await created(shop, 12);
    const crashing = start(shop, crashingAt(1, 'before', shop.direct));
    await expect(crashing.handle(recorded)).rejects.toThrow(Crash);
    expect(await shop.typesOf('inventory-tea')).toEqual([]);
    await start(shop).handle(recorded);
    expect(await shop.typesOf('inventory-tea')).toEqual(['StockOpened']);
  });

  it('is not recorded when its quantity is zero, or for any other event of a product', async () => {
    const shop = createShop();
    const process = start(shop);
    await process.handle(await created(shop, 0));
    await shop.send('product-tea', productDecider, {
      type: 'ChangeProduct',
      productId: productId('tea'),
      name: 'Green tea',
    });
    const [, renamed] = await shop.eventsOf('product-tea');
    if (renamed === undefined) throw new RangeError('the product was not renamed');
    await process.handle(renamed);
    expect(await shop.typesOf('inventory-tea')).toEqual([]);
  });

  it('has a workflow without a stream and without waits, so it has no timeouts and no parked waits', () => {
    const { streamOf, waits, prefixes } = start(createShop());
    expect({ stream: streamOf('tea'), waits, prefixes }).toEqual({
      stream: undefined,
      waits: undefined,
      prefixes: ['product-'],
    });
  });
});
