import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { readModels } from '../../projections/read-models.ts';
import { StartedSystems } from '../support/processes/started-systems.ts';
import { waitUntilServing } from '../support/processes/wait-until-serving.ts';
import { createShopClient, gbp } from '../support/shop.ts';
import { readyUrls } from '../support/system.ts';
import { waitForStatus, waitUntil } from '../support/wait-until.ts';

const OTHERS = ['eventstore', 'write-side', 'process-managers', 'read-api'] as const;

const systems = new StartedSystems();
afterEach(() => systems.end());

it('an event that a projection cannot handle stops only that projection, until its code is corrected', async () => {
  const here = await systems.createEnvironment({ LOG_LEVEL: 'warn' });
  const system = systems.start(here, ...OTHERS);
  await waitUntilServing(system, readyUrls(here, OTHERS));
  const shop = createShopClient(here);
  const statuses = async (): Promise<{ name: string; status: string; error?: object }[]> =>
    (await shop.get('/projections')).body?.items ?? [];
  await shop.createItem('mug', 10, gbp(250));
  const [before, failing, after] = [
    await shop.placeOne('mug', 1),
    await shop.placeOne('mug', 2),
    await shop.placeOne('mug', 3),
  ];

  const stream = `payment-${failing}`;
  const preload = join(import.meta.dirname, './preloads/failing-payments-projection.mjs');
  const failingProjector = systems.start(
    { env: { ...here.env, FAILING_STREAM: stream, NODE_OPTIONS: `--import=${preload}` } },
    'projections',
  );
  for (const orderId of [before, failing, after]) await waitForStatus(here, orderId, 'shipped');
  const [stopped, ...others] = await waitUntil(
    'payments has stopped, and all others are live',
    async () =>
      (await statuses()).sort((a, b) => Number(b.name === 'payments') - Number(a.name === 'payments')),
    ([payments, ...rest]) => payments?.status === 'stopped' && rest.every(({ status }) => status === 'live'),
  );
  expect(stopped).toMatchObject({
    name: 'payments',
    status: 'stopped',
    error: { stream, revision: '1', reason: 'RangeError: no such currency' },
  });
  expect(others).toHaveLength(readModels.length - 1);
  const logged = () =>
    failingProjector
      .output()
      .split('\n')
      .find((line) => line.includes('cannot handle'));
  for (const part of ['"level":"error"', '"model":"payments"', stream, '"revision":"1"', 'no such currency'])
    await expect.poll(logged).toContain(part);
  expect(await shop.get(`/payments/${failing}`)).toMatchObject({ body: { status: 'requested' } });
  const receipt = await shop.post('/inventory/items/mug/receipts', { quantity: 1 });
  expect((await shop.readBack('/inventory/items/mug', receipt)).status).toBe(200);
  const behind = await shop.readBack(`/payments/${after}?wait=0`, receipt);
  expect(behind).toMatchObject({ status: 504, body: { model: 'payments' } });

  failingProjector.signal('SIGTERM');
  await failingProjector.ended;
  systems.start(here, 'projections');
  await waitUntil('payments is live', statuses, (all) => all.every(({ status }) => status === 'live'));
  for (const [orderId, amount] of [
    [before, 250],
    [failing, 500],
    [after, 750],
  ] as const)
    expect(await shop.readBack(`/payments/${orderId}`, receipt)).toMatchObject({
      status: 200,
      body: { status: 'captured', amount: gbp(amount) },
    });
});
