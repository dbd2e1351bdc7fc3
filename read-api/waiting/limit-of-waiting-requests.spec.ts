import { getEventListeners } from 'node:events';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Listening, listen } from '../../platform/http/server/listen.ts';
import { secretKey } from '../../platform/http/tokens/secret-key.ts';
import { signToken } from '../../platform/http/tokens/tokens.ts';
import { sqliteReadStore, type TestReadStore } from '../../read-store/testing/adapters.ts';
import { LiveUpdates } from '../live/live-updates.ts';
import { createQueryApi } from '../query-api.ts';
import { project, silent } from '../testing/harness.ts';
import { healthyReadStore } from '../testing/healthy-read-store.ts';
import { ChangeFeed } from './change-feed.ts';

const secret = secretKey('a secret of at least thirty-two bytes');
const token = signToken(secret, { sub: 'olga', role: 'operator' });
const paths = ['orders', 'inventory/items', 'customers', 'sales/daily', 'orders/o-1', 'payments/o-1'];

let place: TestReadStore;
let stopping: AbortController;
let feed: ChangeFeed;
let live: LiveUpdates;
let api: Listening;
let warnings: string[];
const keepWarning = ({ name, message }: Error) => void warnings.push(`${name}: ${message}`);

beforeEach(async () => {
  warnings = [];
  process.on('warning', keepWarning);
  place = sqliteReadStore();
  stopping = new AbortController();
  const readStore = await place.open();
  await project(readStore, []);
  const parts = { logger: silent, metrics: new Registry() };
  feed = new ChangeFeed({ readStore, lease: 'unheld', logger: silent });
  live = new LiveUpdates({ readStore, decrypt: async (json) => json, feed, ...parts });
  const app = createQueryApi({
    roles: { statuses: () => [] },
    watch: healthyReadStore(),
    eventStore: () => 'ok',
    keyStoreCheck: () => 'ok',
    decrypt: async (json) => json,
    ...parts,
    readStore,
    feed,
    live,
    version: '0.0.0',
    secret,
    stopping: stopping.signal,
  });
  api = await listen(app, { host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  process.off('warning', keepWarning);
  stopping.abort();
  live.close();
  await api.close();
  await feed.close();
  await place.dispose();
});

it('60 concurrent waiting queries leave no listener behind, and cause no MaxListeners warning', async () => {
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      fetch(`${api.url}/api/v1/${paths[index % paths.length]}?minPosition=99999999999&wait=500`, {
        headers: { authorization: `Bearer ${token}` },
      }),
    ),
  );

  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([504]));
  await Promise.all(answers.map((answer) => answer.text()));
  await expect.poll(() => getEventListeners(stopping.signal, 'abort')).toEqual([]);
  expect(warnings).toEqual([]);
});
