import { afterAll, beforeAll, expect, it } from 'vitest';
import { RebuildRequests } from '../../projections/rebuild/rebuild-requests.ts';
import { TestLog } from '../../projections/testing/log.ts';
import { Rebuild } from '../responses/rebuild.ts';
import { QueryApiHarness } from '../testing/harness.ts';

let api: QueryApiHarness;
let requests: RebuildRequests;
beforeAll(async () => {
  api = await QueryApiHarness.start(new TestLog());
  requests = new RebuildRequests(api.store);
});
afterAll(() => api.stop());

const idOf = (number: number) => `01a20184-bd75-737b-b1d4-${`${number}`.padStart(12, '0')}`;
const shown = async (rebuildId: string) => {
  const { status, body } = await api.get(`/api/v1/rebuilds/${rebuildId}`, 'admin');
  expect([status, Rebuild.parse(body)]).toEqual([200, body]);
  return body;
};

it('a rebuild is shown from its request to its end', async () => {
  const rebuildId = idOf(1);
  await requests.makeFor({ rebuildId, model: 'orders', dryRun: false });
  expect(await shown(rebuildId)).toMatchObject({ model: 'orders', status: 'requested', done: 0 });

  await requests.recordStart('orders', rebuildId, 2);
  const rebuild = { from: '0', position: '400', target: '1000', events: 4, elapsedMs: 10 };
  await api.store.writeStatus({
    name: 'orders',
    generation: 1,
    status: 'rebuilding',
    rebuild: { ...rebuild, generation: 2, phase: 'building' },
  });
  expect(await shown(rebuildId)).toMatchObject({ status: 'running', done: 400, total: 1000 });

  await requests.end('orders', rebuildId, { kind: 'switched', generation: 2 });
  expect(await shown(rebuildId)).toMatchObject({ status: 'done', generation: 2 });
  await requests.makeFor({ rebuildId: idOf(2), model: 'orders', dryRun: false });
  expect(await shown(rebuildId)).toMatchObject({ status: 'done', generation: 2 });
});

it('a dry run shows what differs', async () => {
  const rebuildId = idOf(3);
  await requests.makeFor({ rebuildId, model: 'sales', dryRun: true });
  const differences = [{ id: '2026-01-05', difference: 'orders: 3 instead of 4' }];
  const result = { documents: 1, rebuiltDocuments: 1, differing: 1, differences };
  await requests.end('sales', rebuildId, { kind: 'compared', ...result });
  expect(await shown(rebuildId)).toMatchObject({ dryRun: true, status: 'done', differing: 1, differences });
});

it('a rebuild that stopped shows the event; a refused one says so', async () => {
  const [stopped, refused] = [idOf(4), idOf(5)];
  await requests.makeFor({ rebuildId: stopped, model: 'items', dryRun: false });
  await requests.makeFor({ rebuildId: refused, model: 'items', dryRun: true });
  const error = { stream: 'product-1', revision: '0', reason: 'Error: broken' };
  await requests.end('items', stopped, { kind: 'stopped', error });
  expect(await shown(stopped)).toMatchObject({ status: 'stopped', error });
  expect(await shown(refused)).toMatchObject({ status: 'refused' });
});

it('a rebuild of which the projector has not heard yet is waited for', async () => {
  const rebuildId = idOf(6);
  const asked = api.get(`/api/v1/rebuilds/${rebuildId}`, 'admin');
  await requests.makeFor({ rebuildId, model: 'customers', dryRun: false });
  expect(await asked).toMatchObject({ status: 200, body: { model: 'customers' } });
});

it('an unknown rebuild is 404, and operators see none', async () => {
  expect((await api.get(`/api/v1/rebuilds/${idOf(9)}`, 'admin')).status).toBe(404);
  expect((await api.get(`/api/v1/rebuilds/${idOf(1)}`, 'operator')).status).toBe(403);
});
