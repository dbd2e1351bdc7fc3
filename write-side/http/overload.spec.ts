import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { stockReceived } from '../../event-catalogue/testing/sample-events.ts';
import { type Answer, type ShopApi, shopApi } from '../testing/shop-api.ts';

const items = '/api/v1/inventory/items';
const mug = { productId: '85123A', name: 'WHITE MUG', price: { amount: 255, currency: 'GBP' }, quantity: 1 };
const ROOM = 4;

let shop: ShopApi;
beforeEach(async () => {
  shop = await shopApi({ limits: { waitingPerStream: ROOM } });
  await shop.post(items, mug);
});
afterEach(() => shop.close());

const receive = (): Promise<Answer> => shop.post(`${items}/85123A/receipts`, { quantity: 1 });
const told = ({ status, body, headers }: Answer) => [status, body.type, headers.get('retry-after')];

it('what a stream has no room for is 503 with Retry-After, and all that was taken is done', async () => {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  shop.store.beforeAppend = () => opened;
  const answers = Array.from({ length: 20 }, receive);
  const refusals = answers.map(async (answer) =>
    (await answer).status === 503 ? answer : Promise.reject(new RangeError('taken')),
  );
  expect(told(await Promise.any(refusals))).toEqual([503, 'urn:orderstream:problem:queue-full', '1']);
  open();
  const taken = (await Promise.all(answers)).filter(({ status }) => status === 200);
  expect(taken.length).toBeGreaterThanOrEqual(ROOM);
  expect(await shop.typesOf('inventory-85123A')).toHaveLength(1 + taken.length);
});

it('what others write to all the time is 503 with Retry-After', async () => {
  const other = shop.store.connectAgain();
  shop.store.beforeAppend = async (stream) => {
    await other.append(stream, [stockReceived(1, randomUUID())], 'any');
  };
  expect(told(await receive())).toEqual([503, 'urn:orderstream:problem:contended', '1']);
});
