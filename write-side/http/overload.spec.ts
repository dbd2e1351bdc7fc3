import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { stockReceived } from '../../event-catalogue/testing/sample-events.ts';
import { type ApiResponse, type ShopApi, shopApi } from '../testing/shop-api.ts';

const items = '/api/v1/inventory/items';
const mug = { productId: '85123A', name: 'WHITE MUG', price: { amount: 255, currency: 'GBP' }, quantity: 1 };
const QUEUE_SIZE = 4;

let shop: ShopApi;
beforeEach(async () => {
  shop = await shopApi({ limits: { waitingPerStream: QUEUE_SIZE } });
  await shop.post(items, mug);
});
afterEach(() => shop.close());

const receive = (): Promise<ApiResponse> => shop.post(`${items}/85123A/receipts`, { quantity: 1 });
const problemOf = ({ status, body, headers }: ApiResponse) => [status, body.type, headers.get('retry-after')];

it('commands beyond the queue of a stream get 503 with Retry-After, and all accepted ones are executed', async () => {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  shop.store.beforeAppend = () => opened;
  const responses = Array.from({ length: 20 }, receive);
  const rejections = responses.map(async (response) =>
    (await response).status === 503 ? response : Promise.reject(new RangeError('accepted')),
  );
  expect(problemOf(await Promise.any(rejections))).toEqual([503, 'urn:orderstream:problem:queue-full', '1']);
  open();
  const accepted = (await Promise.all(responses)).filter(({ status }) => status === 200);
  expect(accepted.length).toBeGreaterThanOrEqual(QUEUE_SIZE);
  expect(await shop.typesOf('inventory-85123A')).toHaveLength(1 + accepted.length);
});

it('a command in permanent conflict with another writer gets 503 with Retry-After', async () => {
  const other = shop.store.connectAgain();
  shop.store.beforeAppend = async (stream) => {
    await other.append(stream, [stockReceived(1, randomUUID())], 'any');
  };
  expect(problemOf(await receive())).toEqual([503, 'urn:orderstream:problem:contended', '1']);
});
