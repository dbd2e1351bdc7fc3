import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SharedSystem, useSharedShop } from '../support/shared-systems/use-shared-shop.ts';
import { gbp, type ShopClient, stepByStep } from '../support/shop.ts';
import { expectRevision } from './helpers/expect-revision.ts';

describe('commands on items', () => {
  let system: SharedSystem;
  let shop: ShopClient;
  beforeAll(async () => {
    ({ system, shop } = await useSharedShop(stepByStep));
  });
  afterAll(() => system.release());

  it('creates an item with its opening stock and answers 201', async () => {
    const item = { productId: 'A-1', name: 'Anvil', price: gbp(9_900), quantity: 4 };
    const answer = await shop.post('/inventory/items', item);
    expect(answer).toMatchObject({ status: 201, body: item });
    expect(expectRevision(answer)).toBe(0n);
    expect(await shop.readBack('/inventory/items/A-1', answer)).toMatchObject({
      body: {
        productId: 'A-1',
        name: 'Anvil',
        price: gbp(9_900),
        onHand: 4,
        reserved: 0,
        available: 4,
        revision: '0',
      },
    });
    const bare = await shop.post('/inventory/items', { productId: 'a-1', name: 'anvil', price: gbp(1) });
    expect(bare.status).toBe(201);
    expect(await shop.readBack('/inventory/items/a-1', bare)).toMatchObject({
      body: { onHand: 0, available: 0 },
    });
  });

  it('rejects the creation of an existing item with 409 and changes nothing', async () => {
    const created = await shop.createItem('taken', 4);
    const again = { productId: 'taken', name: 'Other', price: gbp(1), quantity: 9 };
    expect(await shop.post('/inventory/items', again)).toMatchObject({
      status: 409,
      body: { status: 409 },
    });
    expect(await shop.readBack('/inventory/items/taken', created)).toMatchObject({
      body: { name: 'Item taken', price: gbp(250), onHand: 4, revision: '0' },
    });
  });

  it('changes name and price, alone or together; equal values append no event', async () => {
    await shop.createItem('lamp', 5);
    const renamed = await shop.patch('/inventory/items/lamp', { name: 'Lantern' });
    expect(renamed).toMatchObject({
      status: 200,
      body: { productId: 'lamp', name: 'Lantern', price: gbp(250) },
    });
    expect(expectRevision(renamed)).toBe(1n);
    const repriced = await shop.patch('/inventory/items/lamp', { price: gbp(300) });
    expect(repriced).toMatchObject({
      status: 200,
      body: { name: 'Lantern', price: gbp(300), revision: '2' },
    });

    for (const change of [{ name: 'Lantern' }, { price: gbp(300) }, { name: 'Lantern', price: gbp(300) }])
      expect(await shop.patch('/inventory/items/lamp', change)).toMatchObject({
        status: 200,
        body: { revision: '2' },
      });

    const both = await shop.patch('/inventory/items/lamp', { name: 'Torch', price: gbp(1) });
    expect(both).toMatchObject({ status: 200, body: { name: 'Torch', price: gbp(1) } });
    expect(await shop.readBack('/inventory/items/lamp', both)).toMatchObject({
      body: { name: 'Torch', price: gbp(1), revision: both.body.revision, onHand: 5 },
    });
  });

  it('answers 404 to changes, receipts and adjustments of an unknown item', async () => {
    for (const answer of [
      await shop.patch('/inventory/items/nowhere', { name: 'x' }),
      await shop.post('/inventory/items/nowhere/receipts', { quantity: 1 }),
      await shop.post('/inventory/items/nowhere/adjustments', { quantity: 1, reason: 'found' }),
    ])
      expect(answer).toMatchObject({ status: 404, body: { status: 404 } });
  });

  it('adds received units to the stock on hand; stock has its own revision', async () => {
    await shop.createItem('rope', 2);
    const first = await shop.post('/inventory/items/rope/receipts', { quantity: 3 });
    expect(first).toMatchObject({ status: 200, body: { productId: 'rope' } });
    const second = await shop.post('/inventory/items/rope/receipts', { quantity: 1_000_000_000 });
    expect(expectRevision(second)).toBe(expectRevision(first) + 1n);
    expect(BigInt(second.body.position)).toBeGreaterThan(BigInt(first.body.position));
    expect(await shop.readBack('/inventory/items/rope', second)).toMatchObject({
      body: { onHand: 1_000_000_005, revision: '0' },
    });
  });

  it('adjusts stock up and down, but not below the reserved quantity', async () => {
    await shop.createItem('bell', 5);
    const orderId = await shop.placeConfirmed('bell', 3);
    const adjust = (quantity: number) =>
      shop.post('/inventory/items/bell/adjustments', { quantity, reason: 'stock-taking' });
    expect(await adjust(-3)).toMatchObject({ status: 409 });
    const lowered = await adjust(-2);
    expect(lowered.status).toBe(200);
    expectRevision(lowered);
    await shop.readBack('/inventory/items/bell', lowered);
    expect(await shop.stockLevels('bell')).toEqual({ onHand: 3, reserved: 3, available: 0 });
    expect((await adjust(-1)).status).toBe(409);
    const raised = await adjust(7);
    await shop.readBack('/inventory/items/bell', raised);
    expect(await shop.stockLevels('bell')).toEqual({ onHand: 10, reserved: 3, available: 7 });
    expect((await shop.cancel(orderId)).status).toBe(200);
  });
});
