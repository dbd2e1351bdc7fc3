import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FullNode, startFullNode } from '../../embedded/testing/full-node.ts';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { connectEventStore, type EventStoreConnection } from '../../event-store/connect.ts';
import { shopApi } from '../testing/shop-api.ts';

const KIB = 600;
const FULL = /^the event store's disk is full/;

let folder: string;
let node: FullNode;
let store: EventStoreConnection;
let shop: Awaited<ReturnType<typeof shopApi<EventStoreConnection>>>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orderstream-full-'));
  node = await startFullNode(folder, KIB);
  store = connectEventStore({ catalogue, url: node.connectionString });
  store.watch.start();
  shop = await shopApi({ store, eventStore: () => store.watch.check });
  await expect.poll(async () => (await health()).status).toBe(200);
});
afterEach(async () => {
  await shop.close();
  await store.close();
  await node.kill();
  rmSync(folder, { recursive: true, force: true });
});

const price = { amount: 255, currency: 'GBP' };
const create = (number: number) =>
  shop.call('POST', '/api/v1/inventory/items', { body: { productId: `mug-${number}`, name: 'Mug', price } });
const health = () => shop.call('GET', '/health/ready', { token: null });

it('while the disk of the event store is full, commands get 503 and health reports it; no accepted command is lost', async () => {
  const accepted: number[] = [];
  for (let number = 0; (await health()).status === 200; number += 1)
    if ((await create(number)).status === 201) accepted.push(number);

  expect((await health()).body).toEqual({
    status: 'not ready',
    checks: { eventStore: expect.stringMatching(FULL), keyStore: 'ok' },
  });
  expect((await create(99_999)).status).toBe(503);
  node.makeRoom();
  await expect
    .poll(async () => (await health()).body)
    .toEqual({ status: 'ready', checks: { eventStore: 'ok', keyStore: 'ok' } });
  expect((await create(100_000)).status).toBe(201);
  expect(accepted.length).toBeGreaterThan(0);
  for (const number of accepted) expect((await create(number)).status).toBe(409);
});
