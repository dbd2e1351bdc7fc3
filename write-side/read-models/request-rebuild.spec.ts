import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ShopApi, shopApi } from '../testing/shop-api.ts';

describe('POST /api/v1/projections/:name/rebuild', () => {
  let shop: ShopApi;
  beforeAll(async () => {
    shop = await shopApi();
  });
  afterAll(() => shop.close());

  const request = (name: string, body?: unknown, headers = {}) =>
    shop.post(`/api/v1/projections/${name}/rebuild`, body, { as: 'admin', headers });

  it('records who requests which rebuild, for the projector', async () => {
    const { status, body, headers } = await request('orders');
    expect(status).toBe(202);
    expect(body).toMatchObject({ model: 'orders', dryRun: false, revision: '0' });
    expect(headers.get('orderstream-position')).toBe(body.position);
    const [recorded] = await shop.eventsOf(`rebuild-${body.rebuildId}`);
    expect(recorded?.event).toEqual({
      type: 'RebuildRequested',
      data: {
        rebuildId: body.rebuildId,
        model: 'orders',
        dryRun: false,
        requestedBy: 'ada',
        requestedAt: '2026-01-05T12:00:00.000Z',
      },
    });
  });

  it('requests a dry run, once for the same Idempotency-Key', async () => {
    const key = { 'idempotency-key': 'sales-of-today' };
    const first = await request('sales', { dryRun: true }, key);
    expect(first.body).toMatchObject({ model: 'sales', dryRun: true });
    expect((await request('sales', { dryRun: true }, key)).body).toEqual(first.body);
    expect((await request('sales', { dryRun: false }, key)).status).toBe(422);
  });

  it('is 404 for an unknown read model, 422 for an unknown field, and 403 for an operator', async () => {
    const unknown = await request('order');
    expect([unknown.status, unknown.body.detail]).toEqual([404, 'there is no read model "order"']);
    expect((await request('orders', { dryrun: true })).status).toBe(422);
    expect(
      (await shop.post('/api/v1/projections/orders/rebuild', undefined, { as: 'operator' })).status,
    ).toBe(403);
  });
});
