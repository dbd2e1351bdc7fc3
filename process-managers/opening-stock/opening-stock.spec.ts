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
import { Crash, dyingAt } from '../engine/testing/crashing-handler.ts';
import { type Shop, shop } from '../fulfilment/testing/shop.ts';
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

describe('the opening stock of a new product', () => {
  it('is recorded once, however often the event of the product is delivered', async () => {
    const here = shop();
    const recorded = await created(here, 12);
    const process = start(here);
    await process.handle(recorded);
    await process.handle(recorded);
    const [opened, ...others] = await here.eventsOf('inventory-tea');
    expect(opened?.event).toEqual({ type: 'StockOpened', data: { productId: 'tea', quantity: 12 } });
    expect(opened?.metadata).toMatchObject({
      $causationId: recorded.id,
      actor: { sub: 'opening-stock', role: 'system' },
    });
    expect(others).toEqual([]);
  });

  it('is left as it is when the command API has recorded it', async () => {
    const here = shop();
    const recorded = await created(here, 12);
    await here.send('inventory-tea', inventoryDecider, {
      type: 'OpenStock',
      productId: productId('tea'),
      quantity: 12,
    });
    await start(here).handle(recorded);
    expect(await here.typesOf('inventory-tea')).toEqual(['StockOpened']);
  });

  it('is recorded after a crash, when the event is delivered to another process', async () => {
    const here = shop();
    const recorded = await created(here, 12);
    const crashing = start(here, dyingAt(1, 'before', here.direct));
    await expect(crashing.handle(recorded)).rejects.toThrow(Crash);
    expect(await here.typesOf('inventory-tea')).toEqual([]);
    await start(here).handle(recorded);
    expect(await here.typesOf('inventory-tea')).toEqual(['StockOpened']);
  });

  it('needs no command when the quantity is zero, nor for any other event of a product', async () => {
    const here = shop();
    const process = start(here);
    await process.handle(await created(here, 0));
    await here.send('product-tea', productDecider, {
      type: 'ChangeProduct',
      productId: productId('tea'),
      name: 'Green tea',
    });
    const [, renamed] = await here.eventsOf('product-tea');
    if (renamed === undefined) throw new RangeError('the product was not renamed');
    await process.handle(renamed);
    expect(await here.typesOf('inventory-tea')).toEqual([]);
  });

  it('has no stream and no waits, so neither timeouts nor parked waits exist', () => {
    const { streamOf, waits, prefixes } = start(shop());
    expect({ stream: streamOf('tea'), waits, prefixes }).toEqual({
      stream: undefined,
      waits: undefined,
      prefixes: ['product-'],
    });
  });
});
