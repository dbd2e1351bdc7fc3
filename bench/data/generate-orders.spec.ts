import { catalogue } from '../../event-catalogue/catalogue.ts';
import { expect, it } from 'vitest';
import { silent } from '../../event-store/logger.ts';
import { eventually } from '../../event-store/testing/eventually.ts';
import { createInMemoryEventStore } from '../../event-store/testing/in-memory-event-store.ts';
import { startProjector } from '../../projections/engine/projector.ts';
import type { OrderDocument } from '../../projections/orders/document.ts';
import { ordersProjection } from '../../projections/orders/projection.ts';
import { readModels } from '../../projections/read-models.ts';
import { verify } from '../../projections/verify/verify.ts';
import { sqliteReadStore } from '../../read-store/testing/adapters.ts';
import { generateOrders, orderIdOf } from './generate-orders.ts';

it('the generated events of delivered orders satisfy all checks of the read models', async () => {
  const store = createInMemoryEventStore({ catalogue });
  const place = sqliteReadStore();
  const readStore = await place.open();
  await generateOrders(store, { orders: 5 });
  const end = (await store.head())?.commit ?? 0n;
  const stopping = new AbortController();
  const projector = await startProjector({
    stores: () => ({ eventStore: 'ok', readStore: 'ok' }),
    store,
    readStore,
    projections: readModels,
    logger: silent,
    host: '127.0.0.1',
    signal: stopping.signal,
  });

  await eventually(async () => {
    for (const model of readModels)
      expect((await (await readStore.live(model)).checkpoint())?.commit).toBeGreaterThanOrEqual(end);
  });

  const orders = await readStore.live<OrderDocument>(ordersProjection);
  expect(await orders.get(orderIdOf(4))).toMatchObject({
    body: {
      status: 'delivered',
      items: [
        { productId: '20028A', quantity: 5 },
        { productId: '20029A', quantity: 6 },
      ],
      payment: { status: 'captured' },
      shipment: { status: 'delivered' },
    },
  });
  const checks = await verify({ store, readStore, projections: readModels });
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  stopping.abort();
  await projector.done;
  await place.dispose();
});
