import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../support/http.ts';
import type { Launched } from '../support/processes/launch-program.ts';
import { Runs } from '../support/processes/started-systems.ts';
import { untilServing } from '../support/processes/wait-until-serving.ts';
import { shopOf } from '../support/shop.ts';
import { type Place, readyUrls } from '../support/system.ts';
import { untilStatus } from '../support/wait-until.ts';
import { findings } from './schemathesis.ts';
import { settings } from './settings.ts';

describe('both APIs, fuzzed by their own documents', () => {
  const runs = new Runs();
  let place: Place;
  let system: Launched;

  beforeAll(async () => {
    // Somebody else's carrier, so that there is something to dispatch and to cancel.
    place = await runs.place({ CARRIER: 'manual', LOG_LEVEL: 'warn' });
    system = runs.start(place);
    await untilServing(system, readyUrls(place));
    const shop = shopOf(place);
    await shop.createItem('mug', 1_000);
    await shop.createItem('Tin 12.5_a', 3);
    const orders: string[] = [];
    for (const customer of ['ann', 'bob'])
      for (const quantity of [1, 5_000]) {
        const orderId = await shop.placeOne('mug', quantity, 'tok_ok', customer);
        await untilStatus(place, orderId, quantity === 1 ? 'confirmed' : 'rejected');
        orders.push(orderId);
      }
    const known = { orders, products: ['mug', 'Tin 12.5_a'], customers: ['ann', 'bob'] };
    await writeFile(join(place.folder, 'schemathesis.toml'), settings(known));
  });
  afterEach(async () => {
    for (const url of readyUrls(place)) expect(await call('GET', url)).toMatchObject({ status: 200 });
    expect(system.output()).not.toContain('a request failed unexpectedly');
  });
  afterAll(() => runs.end());

  it.each([
    ['command', 'operator'],
    ['command', 'customer'],
    ['query', 'operator'],
    ['query', 'customer'],
  ] as const)('the %s API, as %s', async (api, role) => {
    const baseUrl = api === 'command' ? place.commandUrl : place.queryUrl;
    const token = place.token(role, role === 'customer' ? 'ann' : 'olga');
    expect(await findings({ baseUrl, token, folder: place.folder })).toBe('');
  });
});
