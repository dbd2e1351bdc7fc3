import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { Runs } from '../support/processes/started-systems.ts';
import { untilServing } from '../support/processes/wait-until-serving.ts';
import { gbp, shopOf } from '../support/shop.ts';
import { readyUrls } from '../support/system.ts';
import { until, untilStatus } from '../support/wait-until.ts';

const OTHERS = ['eventstore', 'write-side', 'process-managers', 'read-api'] as const;

const runs = new Runs();
afterEach(() => runs.end());

it('an event that a read model cannot handle stops that one alone, until its code can', async () => {
  const here = await runs.place({ LOG_LEVEL: 'warn' });
  const system = runs.start(here, ...OTHERS);
  await untilServing(system, readyUrls(here, OTHERS));
  const shop = shopOf(here);
  const statuses = async (): Promise<{ name: string; status: string; error?: object }[]> =>
    (await shop.get('/projections')).body?.items ?? [];
  await shop.createItem('mug', 10, gbp(250));
  const [before, lethal, after] = [
    await shop.placeOne('mug', 1),
    await shop.placeOne('mug', 2),
    await shop.placeOne('mug', 3),
  ];

  const stream = `payment-${lethal}`;
  const preload = join(import.meta.dirname, './preloads/failing-payments-projection.mjs');
  const broken = runs.start(
    { env: { ...here.env, BROKEN_STREAM: stream, NODE_OPTIONS: `--import=${preload}` } },
    'projections',
  );
  for (const orderId of [before, lethal, after]) await untilStatus(here, orderId, 'shipped');
  const [stopped, ...others] = await until(
    'payments are to have stopped, and all others to be live',
    async () =>
      (await statuses()).sort((a, b) => Number(b.name === 'payments') - Number(a.name === 'payments')),
    ([payments, ...rest]) => payments?.status === 'stopped' && rest.every(({ status }) => status === 'live'),
  );
  expect(stopped).toMatchObject({
    name: 'payments',
    status: 'stopped',
    error: { stream, revision: '1', reason: 'RangeError: no such currency' },
  });
  expect(others).toHaveLength(8);
  const told = broken
    .output()
    .split('\n')
    .find((line) => line.includes('cannot handle'));
  for (const part of ['"level":"error"', '"model":"payments"', stream, '"revision":"1"', 'no such currency'])
    expect(told).toContain(part);
  expect(await shop.get(`/payments/${lethal}`)).toMatchObject({ body: { status: 'requested' } });
  const receipt = await shop.post('/inventory/items/mug/receipts', { quantity: 1 });
  expect((await shop.readBack('/inventory/items/mug', receipt)).status).toBe(200);
  const behind = await shop.readBack(`/payments/${after}?wait=0`, receipt);
  expect(behind).toMatchObject({ status: 504, body: { model: 'payments' } });

  broken.signal('SIGTERM');
  await broken.ended;
  runs.start(here, 'projections');
  await until('payments are to be live', statuses, (all) => all.every(({ status }) => status === 'live'));
  for (const [orderId, amount] of [
    [before, 250],
    [lethal, 500],
    [after, 750],
  ] as const)
    expect(await shop.readBack(`/payments/${orderId}`, receipt)).toMatchObject({
      status: 200,
      body: { status: 'captured', amount: gbp(amount) },
    });
});
