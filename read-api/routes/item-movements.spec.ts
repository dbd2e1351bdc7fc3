import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itemsProjection } from '../../projections/items/projection.ts';
import { MovementResponse } from '../../projections/movements/document.ts';
import { movementsProjection } from '../../projections/movements/projection.ts';
import { productCreated } from '../../projections/testing/events.ts';
import { fold } from '../../projections/testing/fold.ts';
import { QueryApiHarness } from '../testing/harness.ts';
import { stockedItems } from '../testing/stocked-items.ts';
import { pageOf } from './route-parts.ts';

let api: QueryApiHarness;
beforeAll(async () => {
  api = await QueryApiHarness.start(stockedItems());
});
afterAll(() => api.stop());

const ITEMS = '/api/v1/inventory/items';

describe('GET /api/v1/inventory/items/:productId/movements', () => {
  it('lists the newest first, to staff only', async () => {
    const { status, body } = await api.get(`${ITEMS}/85123A/movements`, 'operator');

    expect(status).toBe(200);
    expect(pageOf(MovementResponse).parse(body)).toEqual(body);
    expect(body.items).toEqual([
      {
        type: 'StockReserved',
        quantity: 3,
        orderId: 'o1',
        at: '2026-03-01T12:00:07.000Z',
        revision: '1',
      },
      { type: 'StockReceived', quantity: 10, at: '2026-03-01T12:00:06.000Z', revision: '0' },
    ]);
    expect((await api.get(`${ITEMS}/85123A/movements`, 'customer')).status).toBe(403);
  });

  it('lists the movements page by page', async () => {
    const { next } = (await api.get(`${ITEMS}/85123A/movements?limit=1`, 'operator')).body;
    const second = await api.get(`${ITEMS}/85123A/movements?limit=1&cursor=${next}`, 'operator');

    expect(second.body).toMatchObject({ items: [{ type: 'StockReceived' }], next: null });
  });

  it('is empty for an item without movements, and 404 for an unknown item', async () => {
    expect((await api.get(`${ITEMS}/tray/movements`, 'operator')).body).toEqual({ items: [], next: null });
    expect((await api.get(`${ITEMS}/nothing/movements`, 'operator')).status).toBe(404);
  });

  it('waits for the position in the items too before it responds with 404', async () => {
    const log = stockedItems();
    const own = await QueryApiHarness.start(log);
    const created = log.record('product-cup', productCreated('cup', 'Cup'));
    await (await own.store.generation(movementsProjection, 1)).commit([], created.position);
    const path = `${ITEMS}/cup/movements?minPosition=${created.position.commit}&wait=0`;
    expect(await own.get(path, 'operator')).toMatchObject({ status: 504, body: { model: 'items' } });
    const items = await own.store.generation(itemsProjection, 1);
    await items.commit([...fold(itemsProjection, [created]).values()], created.position);
    expect(await own.get(path, 'operator')).toMatchObject({ status: 200, body: { items: [] } });
    await own.stop();
  });
});
