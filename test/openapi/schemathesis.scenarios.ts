import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../support/http.ts';
import type { RunningProgram } from '../support/processes/launch-program.ts';
import { StartedSystems } from '../support/processes/started-systems.ts';
import { waitUntilServing } from '../support/processes/wait-until-serving.ts';
import { createShopClient } from '../support/shop.ts';
import { readyUrls, type TestEnvironment } from '../support/system.ts';
import { waitForStatus } from '../support/wait-until.ts';
import { findings } from './schemathesis.ts';
import { settings } from './settings.ts';

describe('requests generated from the OpenAPI documents', () => {
  const systems = new StartedSystems();
  let environment: TestEnvironment;
  let system: RunningProgram;

  beforeAll(async () => {
    // Orders stay confirmed with the manual carrier, so that generated requests can dispatch and cancel them.
    environment = await systems.createEnvironment({
      CARRIER: 'manual',
      LOG_LEVEL: 'warn',
      SIGN_UP_RATE_LIMIT: '0',
      GATEWAY_RATE_LIMIT_REQUESTS: '0',
    });
    system = systems.start(environment);
    await waitUntilServing(system, readyUrls(environment));
    const shop = createShopClient(environment);
    await shop.createItem('mug', 1_000);
    await shop.createItem('Tin 12.5_a', 3);
    const orders: string[] = [];
    for (const customer of ['ann', 'bob'])
      for (const quantity of [1, 5_000]) {
        const orderId = await shop.placeOne('mug', quantity, 'tok_ok', customer);
        await waitForStatus(environment, orderId, quantity === 1 ? 'confirmed' : 'rejected');
        orders.push(orderId);
      }
    const known = { orders, products: ['mug', 'Tin 12.5_a'], customers: ['ann', 'bob'] };
    await writeFile(join(environment.folder, 'schemathesis.toml'), settings(known));
  });
  afterEach(async () => {
    for (const url of readyUrls(environment)) expect(await call('GET', url)).toMatchObject({ status: 200 });
    expect(system.output()).not.toContain('a request failed unexpectedly');
  });
  afterAll(() => systems.end());

  it.each([
    ['command', 'admin'],
    ['command', 'operator'],
    ['command', 'customer'],
    ['query', 'admin'],
    ['query', 'operator'],
    ['query', 'customer'],
    ['gateway', 'operator'],
  ] as const)('get responses that the document of the %s allows, as %s', async (api, role) => {
    const { commandUrl, queryUrl, gatewayUrl } = environment;
    const baseUrl = { command: commandUrl, query: queryUrl, gateway: gatewayUrl }[api];
    const token = environment.token(role, role === 'customer' ? 'ann' : 'olga');
    expect(await findings({ baseUrl, token, folder: environment.folder })).toBe('');
  });
});
