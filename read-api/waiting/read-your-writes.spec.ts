import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../domain/kernel/event.ts';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import {
  createInMemoryEventStore,
  type InMemoryEventStore,
} from '../../event-store/testing/in-memory-event-store.ts';
import { type Listening, listen } from '../../platform/http/server/listen.ts';
import { secretKey } from '../../platform/http/tokens/secret-key.ts';
import { signToken } from '../../platform/http/tokens/tokens.ts';
import { type Projector, startProjector } from '../../projections/engine/projector.ts';
import { itemsProjection } from '../../projections/items/projection.ts';
import { readModels } from '../../projections/read-models.ts';
import {
  orderPlaced,
  paymentCaptured,
  productCreated,
  stockReceived,
} from '../../projections/testing/events.ts';
import { PROJECTOR_LEASE } from '../../read-store/projector-lease.ts';
import { adapters, type TestReadStore } from '../../read-store/testing/adapters.ts';
import { LiveUpdates } from '../live/live-updates.ts';
import { createQueryApi } from '../query-api.ts';
import { silent } from '../testing/harness.ts';
import { healthyReadStore } from '../testing/healthy-read-store.ts';
import { ChangeFeed } from './change-feed.ts';

const secret = secretKey('a secret of at least thirty-two bytes');
const token = signToken(secret, { sub: 'olga', role: 'operator' });

let events: InMemoryEventStore;
let place: TestReadStore;
let stopping: AbortController;
let projector: Projector;
let feed: ChangeFeed;
let live: LiveUpdates;
let api: Listening;
let commands = 0;

describe.each(adapters())('on $name', ({ create }) => {
  beforeEach(async () => {
    events = createInMemoryEventStore({ catalogue });
    place = create();
    stopping = new AbortController();
    projector = await startProjector({
      stores: () => ({ eventStore: 'ok', readStore: 'ok' }),
      store: events,
      readStore: await place.open(),
      projections: readModels,
      logger: silent,
      host: '127.0.0.1',
      signal: stopping.signal,
    });
    // The query API has connections of its own to what is stored, as a process of its own would.
    const readStore = await place.open();
    feed = new ChangeFeed({ readStore, lease: PROJECTOR_LEASE, logger: silent });
    const metrics = new Registry();
    live = new LiveUpdates({ readStore, decrypt: async (json) => json, feed, logger: silent, metrics });
    const app = createQueryApi({
      roles: { statuses: () => [] },
      readStore,
      watch: healthyReadStore(),
      eventStore: () => 'ok',
      keyStoreCheck: () => 'ok',
      decrypt: async (json) => json,
      feed,
      live,
      version: '0.0.0',
      secret,
      logger: silent,
      metrics,
    });
    api = await listen(app, { host: '127.0.0.1', port: 0 });
  });
  afterEach(async () => {
    live.close();
    await api.close(0);
    await feed.close();
    stopping.abort();
    await projector.done;
    await place.dispose();
  });

  it('a query with the position of an append sees its events in every model', async () => {
    await append('product-mug', productCreated('mug', 'Mug'));
    await append('inventory-mug', stockReceived('mug', 10));
    let position = await append('order-o0', orderPlaced('o0', [['mug', 1, 255]]));
    for (let number = 1; number <= 20; number += 1) {
      position = await append(`order-o${number}`, orderPlaced(`o${number}`, [['mug', 1, 255]]));
      expect(await get(`orders/o${number}?minPosition=${position}`)).toMatchObject({ status: 'placed' });
    }

    expect(await get(`orders/o20/timeline?minPosition=${position}`)).toMatchObject({
      items: [{ revision: '0' }],
    });
    expect(await get(`inventory/items/mug?minPosition=${position}`)).toMatchObject({ onHand: 10 });
    expect(await get(`inventory/items?query=mu&minPosition=${position}`)).toMatchObject({
      items: [{ name: 'Mug' }],
    });
    expect(await get(`customers/ann?minPosition=${position}`)).toMatchObject({ orders: 21 });
    const { items } = await get(`projections?minPosition=${position}`);
    expect(items).toHaveLength(readModels.length);
    for (const item of items)
      expect(item).toMatchObject({ generation: 1, position: position.toString(), status: 'live' });
  });

  it('the same holds under load with concurrent writers and readers', async () => {
    let isOver = false;
    const load = (async () => {
      while (!isOver) {
        let last = 0n;
        for (let number = 0; number < 20; number += 1)
          last = await append(`inventory-p${number}`, stockReceived(`p${number}`, 1));
        // As much as the projector can take, and no more: who is ever further behind answers 504.
        await feed.waitFor(itemsProjection, last, 60_000);
      }
    })();
    try {
      await Promise.all(['c1', 'c2', 'c3', 'c4'].map((customer) => writeAndRead(customer, 5)));
    } finally {
      isOver = true;
      await load;
    }
  });
});

/** Each write is read back from every model that it is in, the moment that it is answered. */
async function writeAndRead(customer: string, times: number): Promise<void> {
  const product = `mug-of-${customer}`;
  await append(`product-${product}`, productCreated(product, `Mug of ${customer}`));
  for (let done = 1; done <= times; done += 1) {
    const id = `${customer}-${done}`;
    const received = await append(`inventory-${product}`, stockReceived(product, 1));
    await append(`order-${id}`, orderPlaced(id, [[product, 2, 100]], { customer }));
    const paid = await append(
      `payment-${id}`,
      paymentCaptured(id, 200, '2026-03-01T12:30:00.000Z', customer),
    );
    const after = (path: string, position = paid) =>
      get(`${path}${path.includes('?') ? '&' : '?'}minPosition=${position}`);
    const revenue = { amount: 200 * done, currency: 'GBP' };
    expect(
      await Promise.all([
        after(`inventory/items/${product}`, received),
        after(`inventory/items/${product}/movements?limit=200`, received),
        after(`orders/${id}?fields=payment`),
        after(`orders?customerId=${customer}&limit=1`),
        after(`orders/${id}/timeline`),
        after(`payments/${id}`),
        after(`customers/${customer}`),
        after(`sales/products?productId=${product}`),
        after(`sales/customers?customerId=${customer}`),
      ]),
    ).toMatchObject([
      { onHand: done },
      { items: Array.from({ length: done }, () => ({ type: 'StockReceived' })) },
      { payment: { status: 'captured' } },
      { items: [{ orderId: expect.stringContaining(`${customer}-`) }] },
      { items: [{ type: 'OrderPlaced' }, { type: 'PaymentCaptured' }] },
      { status: 'captured' },
      { orders: done, spent: [revenue] },
      { items: [{ orders: done, units: 2 * done, revenue }] },
      { items: [{ orders: done, units: 2 * done, revenue }] },
    ]);
  }
}

async function append(stream: string, event: DomainEvent): Promise<bigint> {
  const metadata = {
    $correlationId: stream,
    $causationId: 'test',
    commandId: `command-${commands++}`,
    actor: { sub: 'olga', role: 'operator' },
  } as const;
  return (await events.append(stream, [{ event, metadata }], 'any')).position.commit;
}

// biome-ignore lint/suspicious/noExplicitAny: looked at as a client does, without types
async function get(path: string): Promise<any> {
  const response = await fetch(`${api.url}/api/v1/${path}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(response.status).toBe(200);
  return response.json();
}
