import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commandLine, launch } from '../support/processes/launch-orderstream.ts';
import { orderstream, type System, startSystem } from '../support/system.ts';
import { waitForStatus, waitUntil } from '../support/wait-until.ts';

let system: System;
let home: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  [system, home] = await Promise.all([
    startSystem({ CARRIER: 'manual' }),
    mkdtemp(join(tmpdir(), 'orderstream-cli-')),
  ]);
  env = {
    ...system.env,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_STATE_HOME: join(home, 'state'),
    ORDERSTREAM_URL: system.gatewayUrl,
    ORDERSTREAM_TOKEN: system.token('operator'),
  };
});
afterAll(async () => {
  await system.stop();
  await rm(home, { recursive: true, force: true });
});

/** Runs a command; returns its standard output. */
async function run(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await orderstream(args, env);
  expect({ args, code, stderr }).toMatchObject({ args, code: 0 });
  return stdout;
}
const runJson = async (...args: string[]) => JSON.parse(await run(...args, '--json'));

it('the demo continues after a crash, places each order once, and then refuses', async () => {
  const crashing = launch(['demo'], env);
  await waitUntil(
    'some orders are placed',
    async () => (await runJson('orders', 'list')).items.length,
    (count) => count > 5,
  );
  await crashing.kill();
  expect(await runJson('demo')).toEqual({
    products: 30,
    customers: 20,
    orders: 100,
    byStatus: expect.objectContaining({
      confirmed: 14,
      shipped: expect.any(Number),
      delivered: 42,
      cancelled: expect.any(Number),
    }),
  });
  const orders = (await runJson('orders', 'list', '--all')).items;
  expect(orders).toHaveLength(100);
  expect(await orderstream(['demo'], env)).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('has the demo already'),
  });
});

it('an order can be placed, watched, dispatched, delivered and refunded', async () => {
  await run(
    'items',
    'create',
    'cli-tea',
    '--name',
    'Tea',
    '--price',
    '2.55',
    '--currency',
    'GBP',
    '--quantity',
    '9',
  );
  await run('items', 'adjust', 'cli-tea', '-2', '--reason', 'broken');
  expect(await run('items', 'reprice', 'cli-tea', '3')).toContain('3.00 GBP');
  expect(await run('items', 'show', 'cli-tea')).toMatch(/available +7\n/);

  const { orderId } = await runJson('orders', 'place', 'cli-tea=2', '--customer', 'ann');
  const watching = launch(['orders', 'watch', orderId], env);
  await waitForStatus(system, orderId, 'confirmed');
  await waitUntil(
    'the shipment is requested',
    async () => (await orderstream(['shipments', 'show', orderId], env)).code,
    (code) => code === 0,
  );
  await run('shipments', 'dispatch', orderId, '--carrier', 'Post', '--tracking', 'T1');
  const watched = await watching.ended;
  expect(watched).toMatchObject({ code: 0, stderr: 'The order is shipped.\n' });
  expect(watched.stdout).toMatch(/OrderConfirmed .*← PaymentCaptured/);
  expect(await run('orders', 'timeline', orderId)).toMatch(/OrderPlaced .*6\.00 GBP, 1 line +← command/);
  await run('shipments', 'deliver', orderId);
  await run('payments', 'refund', orderId, '--reason', 'late');
  await waitUntil(
    'the payment is refunded',
    async () => (await runJson('payments', 'show', orderId)).status,
    (status) => status === 'refunded',
  );
  expect(await run('orders', 'show', orderId)).toMatch(/status +delivered/);
  expect(await orderstream(['orders', 'cancel', orderId], env)).toMatchObject({ code: 4 });
});

it('events of all orders are followed as they happen, filtered by type', async () => {
  const following = launch(['events', 'follow', '--type', 'OrderPlaced', '--json'], env);
  await waitUntil(
    'it follows',
    async () => following.output(),
    (output) => output.includes('Following all orders'),
  );
  const line = once(following.child.stdout as NodeJS.ReadableStream, 'data');
  const placing = setInterval(() => void run('orders', 'place', 'cli-tea=1', '--customer', 'bob'), 2_000);
  try {
    expect(JSON.parse(String((await line)[0]).split('\n')[0] ?? '')).toMatchObject({
      type: 'OrderPlaced',
      data: { customerId: 'bob' },
    });
  } finally {
    clearInterval(placing);
    await following.kill();
  }
});

it('the status shows every role as ready', async () => {
  const { roles, ...rest } = await waitUntil(
    'all roles have reported that they are ready',
    () => runJson('status'),
    (status) => status.roles.length === 4 && status.roles.every(({ ready }: { ready: boolean }) => ready),
  );
  expect(rest).toEqual({ parked: 0, eventStore: 'ok', readStore: 'ok' });
  expect(roles.map(({ role }: { role: string }) => role)).toEqual([
    'write-side',
    'process-managers',
    'projections',
    'read-api',
  ]);
  expect(await run('status')).toMatch(/gateway +ready/);
  expect(await run('projections')).toMatch(/orders +live/);
});

it('a server compares its read models with their events, for an admin', async () => {
  const server = ['--server', system.gatewayUrl, '--token', system.token('admin')];
  expect(await run('rebuild', 'orders', 'sales', '--dry-run', ...server)).toBe(
    'orders: nothing differs.\nsales: nothing differs.\n',
  );
  expect(await orderstream(['rebuild', 'order', ...server], env)).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('there is no read model "order"'),
  });
});

it('an account logs in, is recognised, and logs out; only its owner may read the stored session', async () => {
  const person = { ...env, ORDERSTREAM_TOKEN: undefined };
  const withPassword = async (...args: string[]) => {
    const shell = `printf 'correct horse battery' | "$0" "$@"`;
    const child = spawn(
      'sh',
      ['-c', shell, process.execPath, ...commandLine([...args, '--password-stdin'])],
      {
        env: { ...process.env, ...person },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    const [code] = await once(child, 'close');
    return code;
  };
  expect(await withPassword('accounts', 'create', 'cli@example.com', '--name', 'Clio')).toBe(0);
  expect(await withPassword('login', 'nobody@example.com')).toBe(3);
  expect(await withPassword('login', 'cli@example.com')).toBe(0);
  const file = join(home, 'config', 'orderstream', 'credentials.json');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).not.toContain('correct horse');
  const whoami = await orderstream(['whoami'], person);
  expect(whoami).toMatchObject({ code: 0, stdout: expect.stringMatching(/Clio[\s\S]*customer/) });
  expect(await orderstream(['items', 'receive', 'cli-tea', '1'], person)).toMatchObject({ code: 4 });
  expect(await orderstream(['logout'], person)).toMatchObject({ code: 0 });
  expect(await orderstream(['whoami'], person)).toMatchObject({ code: 3 });
});

it('suggestions for the Tab key know commands, options and their values', async () => {
  expect(await run('complete', '--', 'orders', 'list', '--status', '')).toMatch(/^placed\t/m);
  expect(await run('complete', '--', 'ite')).toMatch(/^items\t/m);
  expect(await run('completion', 'bash')).toContain('complete -o default -F _orderstream orderstream');
});
