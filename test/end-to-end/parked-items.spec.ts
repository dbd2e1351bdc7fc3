import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../support/http.ts';
import { createShopClient, gbp, type ShopClient, startShop } from '../support/shop.ts';
import { orderstream, type System, startSystem } from '../support/system.ts';
import { waitForStatus, waitForStock, waitUntil } from '../support/wait-until.ts';

describe('an event that cannot be handled', () => {
  let system: System;
  let shop: ShopClient;
  let log: EventStoreDBClient;
  beforeAll(async () => {
    system = await startSystem();
    shop = createShopClient(system);
    log = EventStoreDBClient.connectionString(String(system.env.EVENTSTORE_URL));
    await shop.createItem('tea', 100);
  });
  afterAll(async () => {
    await log.dispose();
    await system.stop();
  });

  const parked = (path = '') =>
    call('GET', `${system.commandUrl}/api/v1/parked${path}`, { token: system.token('operator') });
  const command = (...args: readonly string[]) => orderstream(['parked', ...args], system.env);
  const parkedOf = async (orderId: string) => {
    const { body } = await parked();
    return body.items.find((item: { readonly orderId?: string }) => item.orderId === orderId);
  };

  /** Appends an unreadable event to an order's fulfilment stream, so that handling its `OrderPlaced` fails. */
  async function parkOrder(orderId: string): Promise<{ readonly id: string }> {
    await log.appendToStream(
      `fulfilment-${orderId}`,
      jsonEvent({ type: 'StockAllocated', data: { what: 'is this' } }),
    );
    const line = { productId: 'tea', name: 'Tea', quantity: 2, unitPrice: gbp(250), lineTotal: gbp(500) };
    await log.appendToStream(
      `order-${orderId}`,
      jsonEvent({
        type: 'OrderPlaced',
        data: {
          orderId,
          customerId: 'ann',
          lines: [line],
          total: gbp(500),
          paymentToken: 'tok_ok',
          placedAt: new Date().toISOString(),
        },
      }),
    );
    return waitUntil(
      `${orderId} is parked`,
      () => parkedOf(orderId),
      (item) => item !== undefined,
    );
  }

  it('is parked with its reason, listed by API and command line, and handled on replay once the cause is gone', async () => {
    const { id } = await parkOrder('unreadable-1');
    expect(await parkedOf('unreadable-1')).toEqual({
      id,
      group: 'fulfilment',
      kind: 'event',
      stream: 'order-unreadable-1',
      revision: '0',
      type: 'OrderPlaced',
      orderId: 'unreadable-1',
      reason: 'permanent-error',
      detail: expect.stringContaining('StockAllocated at fulfilment-unreadable-1@0 cannot be decoded'),
      firstAt: expect.any(String),
      at: expect.any(String),
      times: 1,
      status: 'parked',
    });
    const listed = await command('list');
    expect([listed.code, listed.stdout]).toEqual([
      0,
      expect.stringContaining('OrderPlaced order-unreadable-1@0'),
    ]);

    // The cause remains, so the item is parked again and counted.
    expect(await command('replay', id)).toMatchObject({ code: 0 });
    await waitUntil(
      'the item is parked again',
      () => parked(`/${id}`),
      ({ body }) => body.times === 2,
    );

    await log.deleteStream('fulfilment-unreadable-1');
    expect(await command('replay', '--all')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^1 /) });
    await waitForStatus(system, 'unreadable-1', 'shipped');
    await waitUntil(
      'the item is no longer parked',
      () => parked(`/${id}`),
      ({ status }) => status === 404,
    );
    // Other orders were not delayed, and nothing happened twice.
    const { orderId } = (await shop.place({ items: [{ productId: 'tea', quantity: 1 }] })).body;
    await waitForStatus(system, orderId, 'shipped');
    await waitForStock(shop, 'tea', { onHand: 97, reserved: 0, available: 97 });
  });

  it('can be discarded with a reason, which is recorded in the log', async () => {
    const { id } = await parkOrder('unreadable-2');
    const shown = await command('show', id, '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({ id, orderId: 'unreadable-2', status: 'parked' });
    expect(await command('discard', id)).toMatchObject({ code: 2 });
    expect(await command('discard', id, '--reason', 'made up by a test')).toMatchObject({ code: 0 });
    expect((await parked(`/${id}`)).status).toBe(404);
    expect(await command('show', id)).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('there is no parked item'),
    });
    const events = [];
    for await (const { event } of log.readStream('parking-list', {
      direction: 'backwards',
      fromRevision: 'end',
      maxCount: 1,
    }))
      events.push(event);
    expect(events[0]).toMatchObject({
      type: 'ParkedItemDiscarded',
      data: { itemId: id, reason: 'made up by a test', discardedBy: 'command-line' },
    });
  });

  it('is replayed with others at a limited rate, until an operator cancels the replay', async () => {
    const orders = [3, 4, 5, 6, 7, 8, 9, 10].map((number) => `unreadable-${number}`);
    for (const orderId of orders) await parkOrder(orderId);
    const byOperator = { token: system.token('operator') };
    const started = await shop.post('/parked/replay', { reason: 'permanent-error', perSecond: 1 });
    expect(started).toMatchObject({ status: 200, body: { requested: 8 } });
    const { replayId } = started.body;
    const path = `${system.commandUrl}/api/v1/parked/replays/${replayId}`;
    expect(await call('DELETE', path, byOperator)).toMatchObject({
      status: 200,
      body: { replayId, status: 'cancelled' },
    });
    // The last one would have been requested seven seconds after the first.
    expect(await parkedOf('unreadable-10')).toMatchObject({ times: 1, status: 'parked' });
    expect(await command('cancel', replayId)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('is cancelled'),
    });
    expect(await parkedOf('unreadable-10')).toMatchObject({ times: 1, status: 'parked' });

    for (const orderId of orders) await log.deleteStream(`fulfilment-${orderId}`);
    expect(await command('replay', '--reason', 'permanent-error', '--per-second', '2')).toMatchObject({
      code: 0,
      // The first one was already requested: it may be handled after its cause is gone.
      stdout: expect.stringMatching(/^[78] /),
    });
    for (const orderId of orders) await waitForStatus(system, orderId, 'shipped');
    await waitUntil('no item is parked', parked, ({ body }) => body.items.length === 0);
  });

  it('is not replayed by a command that selects no items, or selects them in two ways', async () => {
    expect(await command('replay', '--all', '--kind', 'event')).toMatchObject({ code: 2 });
    expect(await command('replay')).toMatchObject({ code: 2, stderr: expect.stringContaining('--all') });
  });
});

describe('a payment with unknown result', () => {
  let system: System;
  let shop: ShopClient;
  beforeAll(async () => {
    // Retries for long enough that an operator can act before the payment is given up.
    ({ system, shop } = await startShop({ PAYMENT_GIVE_UP_MS: '600000' }));
    await shop.createItem('tea', 100);
  });
  afterAll(() => system.stop());

  const resolve = (orderId: string, body: unknown) => shop.post(`/payments/${orderId}/resolve`, body);
  const placeUnknown = async () => {
    const orderId = await shop.placeOne('tea', 2, 'tok_down');
    await waitUntil(
      'the payment is requested',
      () => shop.timelineTypes(orderId),
      (types) => types.includes('PaymentRequested'),
    );
    return orderId;
  };

  it('is listed, and continues with the result that an operator enters', async () => {
    const paid = await placeUnknown();
    const unpaid = await placeUnknown();
    const open = await shop.get('/payments?status=requested');
    expect(open.body.items).toMatchObject([{ orderId: paid }, { orderId: unpaid }]);
    expect(
      await resolve(paid, { outcome: 'captured', providerReference: 'ch_7', reason: 'seen' }),
    ).toMatchObject({ status: 200, body: { status: 'captured' } });
    expect(await resolve(unpaid, { outcome: 'failed', reason: 'not seen' })).toMatchObject({
      status: 200,
      body: { status: 'failed' },
    });
    await waitForStatus(system, paid, 'shipped');
    await waitForStatus(system, unpaid, 'rejected');
    expect((await resolve(paid, { outcome: 'failed', reason: 'not seen' })).status).toBe(409);
    await expect.poll(() => shop.get(`/payments/${paid}`)).toMatchObject({ body: { reference: 'ch_7' } });
  });
});
