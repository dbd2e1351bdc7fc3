import { afterEach, beforeEach, expect, it } from 'vitest';
import { TestLog } from '../../projections/testing/log.ts';
import { ReadStoreUnavailable } from '../../read-store/errors.ts';
import { writeRoleReport } from '../../read-store/role-reports.ts';
import { QueryApiHarness } from '../testing/harness.ts';

let api: QueryApiHarness;
beforeEach(async () => {
  api = await QueryApiHarness.start(new TestLog());
});
afterEach(() => api.stop());

it('the status lists every role, the number of parked items, and the stores', async () => {
  const health = { role: 'write-side', ready: false, checks: { eventStore: 'it does not answer' } };
  await writeRoleReport(api.store, 'shop-1:4711', { beat: 1, roles: [health] });
  await api.roles.observe();
  expect(await api.get('/api/v1/status', 'operator')).toMatchObject({
    status: 200,
    headers: { 'cache-control': 'no-store' },
    body: { roles: [{ instance: 'shop-1:4711', ...health }], parked: 0, eventStore: 'ok', readStore: 'ok' },
  });
});

it('the status is for operators and admins', async () => {
  expect((await api.get('/api/v1/status', 'admin')).status).toBe(200);
  expect((await api.get('/api/v1/status', 'customer')).status).toBe(403);
  expect((await api.anonymous('/api/v1/status')).status).toBe(401);
});

it('the status answers while the read store is unavailable, and says so', async () => {
  Object.assign(api.store, {
    live: () => Promise.reject(new ReadStoreUnavailable('no answer from 10.0.0.7')),
  });
  Object.assign(api.watch, { readStore: 'the read store does not answer' });
  expect(await api.get('/api/v1/status', 'operator')).toMatchObject({
    status: 200,
    body: { parked: null, readStore: 'the read store does not answer' },
  });
});
