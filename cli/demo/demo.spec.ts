import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FakeGateway, startFakeGateway } from '../testing/fake-gateway.ts';
import { type CliUser, createCliUser } from '../testing/run-cli.ts';
import { demoOrders } from './orders.ts';
import { demoProducts } from './products.ts';

let gateway: FakeGateway;
let user: CliUser;
beforeEach(async () => {
  gateway = await startFakeGateway();
  user = await createCliUser();
});
afterEach(async () => {
  await user.remove();
  await gateway.close();
});

const demo = (...args: string[]) => user.run('demo', ...args, '--server', gateway.url, '--token', 'a.b.c');
const hasItems = (items: readonly object[]) => gateway.answerWith(() => ({ body: { items, next: null } }));
const sent = () => gateway.requests.filter(({ method }) => method !== 'GET');

it.each([
  ['an item of its own', [{ productId: 'tea', name: 'Tea' }], 'has items: tea'],
  ['an item with the id of a demo product', [{ productId: 'MUG-01', name: 'Our mug' }], 'has items: MUG-01'],
  ['the whole demo', demoProducts, 'has the demo already'],
])('the demo refuses a shop that has %s, with exit code 4, and changes nothing', async (_, items, words) => {
  hasItems(items);
  expect(await demo()).toMatchObject({ code: 4, stdout: '', stderr: expect.stringContaining(words) });
  expect(sent()).toEqual([]);
  expect(gateway.requests[0]?.url).toContain('retired=any');
});

it('the demo prints all its requests with --dry-run, and sends nothing', async () => {
  const { code, stdout } = await demo('--dry-run', '--json');
  const requests = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect({ code, requests: requests.length }).toEqual({
    code: 0,
    requests: demoProducts.length + demoOrders.length,
  });
  expect(new Set(requests.map(({ headers }) => headers['Idempotency-Key'])).size).toBe(requests.length);
  expect(gateway.requests).toEqual([]);
});
