import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeGateway, startFakeGateway } from '../testing/fake-gateway.ts';
import { type CliUser, createCliUser } from '../testing/run-cli.ts';

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

const run = (...args: string[]) => user.run(...args, '--server', gateway.url, '--token', 'a.b.c');
const gbp = (amount: number) => ({ amount, currency: 'GBP' });
const line = { productId: 'tea', name: 'Tea 茶', quantity: 3, unitPrice: gbp(255), lineTotal: gbp(765) };
const order = {
  orderId: 'o-1',
  customerId: 'ann',
  status: 'rejected',
  items: [line],
  total: gbp(765),
  rejection: { reason: 'out-of-stock', short: [{ productId: 'tea', requested: 3, available: 1 }] },
  placedAt: '2026-01-31T12:00:00.000Z',
};
const problem = (status: number, detail: string, errors?: unknown) => ({
  status,
  body: { type: 'urn:x', title: 'Problem', status, detail, ...(errors !== undefined && { errors }) },
});

describe('output', () => {
  it('prints a list as a table on standard output, and the way to the next page on standard error', async () => {
    gateway.answerWith(() => ({ body: { items: [order], next: 'c2' } }));
    const { code, stdout, stderr } = await run('orders', 'list', '--status', 'rejected', '--limit', '1');
    expect(gateway.requests[0]?.url).toBe('/api/v1/orders?status=rejected&limit=1');
    expect(stdout.replace(/\d+[smhd]$/m, 'AGE')).toBe(
      ['ORDER  STATUS    CUSTOMER     TOTAL   AGE', 'o-1    rejected  ann       7.65 GBP  AGE', ''].join(
        '\n',
      ),
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('--cursor c2') });
  });

  it('lists all pages with --all', async () => {
    gateway.answerWith(({ url }) =>
      url.includes('cursor=c2')
        ? { body: { items: [{ ...order, orderId: 'o-2' }], next: null } }
        : { body: { items: [order], next: 'c2' } },
    );
    const { stdout } = await run('orders', 'list', '--all', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ items: [{ orderId: 'o-1' }, { orderId: 'o-2' }], next: null });
  });

  it('shows an order with its lines and the reason of its rejection', async () => {
    gateway.answerWith(() => ({ body: order }));
    const { stdout } = await run('orders', 'show', 'o-1');
    expect(stdout).toContain('rejected  out-of-stock, tea: 3 ordered, 1 available');
    expect(stdout).toContain('tea      Tea 茶         3  2.55 GBP  7.65 GBP');
  });

  it('prints the response unchanged with --json, with all digits of large sums', async () => {
    const text =
      '{"items":[{"orderId":"o-1","amount":{"amount":27021597764222973,"currency":"GBP"}}],"next":null}';
    gateway.answerWith(() => ({ text }));
    expect((await run('payments', 'list', '--json')).stdout).toBe(`${text}\n`);
    expect((await run('payments', 'list')).stdout).toContain('270215977642229.73 GBP');
  });

  it('shows control characters in names instead of sending them to the terminal', async () => {
    const name = 'Lamp\u001b]0;owned\u0007 \u202Efdp\u009b2J';
    gateway.answerWith(() => ({
      body: { items: [{ productId: 'x', name, price: gbp(1), available: 1 }], next: null },
    }));
    const { stdout } = await run('items', 'list');
    expect(stdout).toContain('Lamp\\u001b]0;owned\\u0007 \\u202efdp\\u009b2J');
    const json = (await run('items', 'list', '--json')).stdout;
    expect(json).not.toContain('\u009b');
    expect(JSON.parse(json).items[0].name).toBe(name);
  });
});

describe('changes', () => {
  it('places an order for another customer with a payment token', async () => {
    gateway.answerWith(() => ({ status: 201, body: { ...order, status: 'placed' } }));
    const { code, stderr } = await run(
      'orders',
      'place',
      'tea=3',
      'green tea=1',
      '--customer',
      'ann',
      '--pay',
      'tok_ok',
    );
    expect(gateway.requests).toMatchObject([
      {
        method: 'POST',
        url: '/api/v1/orders',
        headers: { authorization: 'Bearer a.b.c', 'idempotency-key': expect.stringMatching(/^[\w-]{36}$/) },
        body: {
          items: [
            { productId: 'tea', quantity: 3 },
            { productId: 'green tea', quantity: 1 },
          ],
          customerId: 'ann',
          payment: { token: 'tok_ok' },
        },
      },
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('orders watch o-1') });
  });

  it.each([
    [
      ['items', 'create', 'tea', '--name', 'Tea', '--price', '2.55', '--currency', 'GBP', '--quantity', '9'],
      'POST',
      '/inventory/items',
      { productId: 'tea', name: 'Tea', price: gbp(255), quantity: 9 },
    ],
    [['items', 'receive', 'a b', '5'], 'POST', '/inventory/items/a%20b/receipts', { quantity: 5 }],
    [
      ['items', 'adjust', 'tea', '-5', '--reason', 'lost'],
      'POST',
      '/inventory/items/tea/adjustments',
      { quantity: -5, reason: 'lost' },
    ],
    [
      ['items', 'reprice', 'tea', '3', '--currency', 'JPY'],
      'PATCH',
      '/inventory/items/tea',
      { price: { amount: 3, currency: 'JPY' } },
    ],
    [['items', 'retire', 'tea'], 'POST', '/inventory/items/tea/retire', {}],
    [
      ['items', 'restore', 'tea', '--reason', 'back'],
      'POST',
      '/inventory/items/tea/restore',
      { reason: 'back' },
    ],
    [['orders', 'cancel', 'o-1', '--reason', 'late'], 'POST', '/orders/o-1/cancel', { reason: 'late' }],
    [
      ['payments', 'refund', 'o-1', '--reason', 'broken'],
      'POST',
      '/payments/o-1/refund',
      { reason: 'broken' },
    ],
    [
      ['shipments', 'dispatch', 'o-1', '--carrier', 'Post', '--tracking', 'T1'],
      'POST',
      '/shipments/o-1/dispatch',
      { carrier: 'Post', trackingNumber: 'T1' },
    ],
    [['shipments', 'deliver', 'o-1'], 'POST', '/shipments/o-1/deliver', {}],
    [['accounts', 'role', 'u-1', 'operator'], 'POST', '/accounts/u-1/role', { role: 'operator' }],
    [['accounts', 'disable', 'u-1'], 'POST', '/accounts/u-1/disable', {}],
    [['accounts', 'forget', 'u-1'], 'DELETE', '/accounts/u-1', undefined],
  ])('%j sends %s %s', async (args, method, path, body) => {
    gateway.answerWith(({ body: sent }) => ({ body: sent ?? {} }));
    expect(await run(...args, '--idempotency-key', 'key-1')).toMatchObject({ code: 0 });
    expect(gateway.requests).toMatchObject([
      { method, url: `/api/v1${path}`, headers: { 'idempotency-key': 'key-1' } },
    ]);
    expect(gateway.requests[0]?.body).toEqual(body);
  });

  it('takes the currency of the present price when a price is set without one', async () => {
    gateway.answerWith(() => ({ body: { productId: 'tea', price: { amount: 1_000, currency: 'KWD' } } }));
    await run('items', 'reprice', 'tea', '1.234');
    expect(gateway.requests.at(-1)).toMatchObject({
      method: 'PATCH',
      body: { price: { amount: 1_234, currency: 'KWD' } },
    });
  });

  it('prints the request with --dry-run, and sends nothing', async () => {
    const { code, stdout, stderr } = await run(
      'items',
      'receive',
      'tea',
      '5',
      '--dry-run',
      '--idempotency-key',
      'k',
    );
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: `POST ${gateway.url}/api/v1/inventory/items/tea/receipts\nIdempotency-Key: k\nContent-Type: application/json\n\n{"quantity":5}\n`,
      stderr: 'Dry run: nothing was sent.\n',
    });
    expect(gateway.requests).toEqual([]);
    expect(
      JSON.parse((await run('items', 'receive', 'tea', '5', '--dry-run', '--json')).stdout),
    ).toMatchObject({
      method: 'POST',
      body: { quantity: 5 },
    });
  });

  it('sends a request whose response was lost again, with the same key', async () => {
    let count = 0;
    gateway.answerWith(() => (++count === 1 ? 'hang up' : { body: {} }));
    expect(await run('items', 'receive', 'tea', '5')).toMatchObject({ code: 0 });
    const keys = gateway.requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });
});

describe('reading after a write', () => {
  it('waits for the position of the last write, also in a later command', async () => {
    gateway.answerWith(({ method }) =>
      method === 'POST'
        ? { body: {}, headers: { 'orderstream-position': '4711' } }
        : { body: { items: [], next: null } },
    );
    await run('items', 'receive', 'tea', '5');
    await run('items', 'list');
    expect(gateway.requests.at(-1)?.headers['orderstream-min-position']).toBe('4711');
  });

  it('shows what there is, and says so, when the read model stays behind', async () => {
    gateway.answerWith(({ method, headers }) =>
      method === 'POST'
        ? { body: {}, headers: { 'orderstream-position': '4711' } }
        : headers['orderstream-min-position'] !== undefined
          ? problem(504, 'the read model is behind')
          : { body: { items: [], next: null } },
    );
    await run('items', 'receive', 'tea', '5');
    const { code, stderr } = await run('items', 'list');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining('the last changes may be missing'),
    });
  });
});

describe('exit codes', () => {
  it.each([
    [400, 4],
    [401, 3],
    [403, 4],
    [404, 4],
    [409, 4],
    [412, 4],
    [422, 4],
    [500, 1],
    [502, 5],
    [504, 5],
  ])('a response of status %i ends with exit code %i', async (status, code) => {
    gateway.answerWith(() => problem(status, 'no luck', [{ path: 'items.0', message: 'is unknown' }]));
    expect(await run('orders', 'show', 'o-1')).toEqual({
      code,
      stdout: '',
      stderr: expect.stringContaining('GET /api/v1/orders/o-1: no luck – items.0: is unknown'),
    });
  });

  it('a server that is not there ends with exit code 5 and names the address', async () => {
    await gateway.close();
    const { code, stderr } = await run('orders', 'list');
    gateway = await startFakeGateway();
    expect({ code, stderr }).toEqual({
      code: 5,
      stderr: expect.stringMatching(/nothing listens at .*\n.*--server/),
    });
  });

  it('without a log-in and a token, ends with exit code 3 and sends nothing', async () => {
    const { code, stderr } = await user.run('orders', 'list', '--server', gateway.url);
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('orderstream login') });
    expect(gateway.requests).toEqual([]);
  });

  it.each([
    [['orders', 'place', 'tea'], 'ID=QUANTITY'],
    [['orders', 'place', 'tea=0'], 'ID=QUANTITY'],
    [['orders', 'place'], 'missing required argument'],
    [['orders', 'show', '..'], 'is no id'],
    [['orders', 'list', '--limit', '201'], 'from 1 to 200'],
    [['orders', 'list', '--status', 'lost'], 'Allowed choices'],
    [['items', 'create', 'tea', '--name', 'T', '--price', '2.555', '--currency', 'GBP'], 'at most 2 places'],
    [['items', 'create', 'tea', '--name', 'T', '--price', '0', '--currency', 'GBP'], 'above 0'],
    [
      ['items', 'create', 'tea', '--name', 'T', '--price', '1', '--currency', 'pounds'],
      'three capital letters',
    ],
    [['items', 'receive', 'tea', '1.5'], 'whole number'],
    [['orders', 'frobnicate'], 'unknown command'],
  ])('%j is a usage error: exit code 2', async (args, words) => {
    expect(await run(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
    expect(gateway.requests).toEqual([]);
  });

  it('an address that is no URL is a usage error', async () => {
    const { code, stderr } = await user.run('orders', 'list', '--server', 'shop', '--token', 'a.b.c');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('"shop"') });
  });
});
