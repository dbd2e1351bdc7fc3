import { afterAll, expect, it } from 'vitest';
import type { Launched } from '../support/processes/launch-program.ts';
import { Roles } from '../support/processes/roles-in-processes.ts';
import { Runs } from '../support/processes/started-systems.ts';
import { shopOf } from '../support/shop.ts';
import { until, untilStatus } from '../support/wait-until.ts';

const runs = new Runs();
afterAll(() => runs.end());

it('a waiting projector takes over within 5 s after the writing one was killed with -9', async () => {
  const system = await Roles.start(runs);
  const shop = shopOf(system.place);
  await shop.createItem('mug', 100);
  await untilStatus(system.place, await shop.placeOne('mug', 1), 'shipped');
  const standby = runs.start({ env: { ...system.place.env, PROJECTIONS_PORT: '0' } }, 'projections');
  await says(standby, 'another projector writes');

  const killed = performance.now();
  await system.running.get('projections')?.kill();
  await untilStatus(system.place, await shop.placeOne('mug', 1), 'shipped');
  const ms = Math.round(performance.now() - killed);

  process.stdout.write(`an order was shown ${ms} ms after the projector was killed\n`);
  // The limit of 5 s is for an idle machine.
  expect(ms).toBeLessThan(15_000);
});

const says = (launched: Launched, words: string) =>
  until(
    `the projector is to say "${words}"`,
    async () => launched.output(),
    (output) => output.includes(words),
  );
