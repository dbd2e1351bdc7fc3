import { afterEach, describe, expect, it } from 'vitest';
import { StartedSystems } from '../support/processes/started-systems.ts';
import { waitUntilServing } from '../support/processes/wait-until-serving.ts';
import { createShopClient } from '../support/shop.ts';
import { orderstream, readyUrls, WITHOUT_GATEWAY } from '../support/system.ts';

const systems = new StartedSystems();
afterEach(() => systems.end());

describe('a system whose output is not a terminal', () => {
  it('logs each request with its id, allows configured origins, and accepts tokens of the configured issuer', async () => {
    const here = await systems.createEnvironment({
      CORS_ORIGINS: 'https://shop.example',
      TOKEN_ISSUER: 'https://login.example',
      TOKEN_AUDIENCE: 'orderstream',
    });
    const system = systems.start(here, ...WITHOUT_GATEWAY);
    await waitUntilServing(system, readyUrls(here, WITHOUT_GATEWAY));
    const { stdout } = await orderstream(
      ['token', '--sub', 'auth0|customer-whose-id-is-kept', '--role', 'customer'],
      here.env,
    );
    const token = stdout.trim();
    for (const [url, id] of [
      [here.commandUrl, 'to-commands'],
      [here.queryUrl, 'to-queries'],
    ]) {
      const headers = {
        authorization: `Bearer ${token}`,
        origin: 'https://shop.example',
        'x-request-id': String(id),
      };
      const answer = await fetch(`${url}/api/v1/orders`, { method: 'OPTIONS', headers });
      expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([
        204,
        headers.origin,
      ]);
    }
    const rejected = await createShopClient(here).get('/orders', {
      headers: { 'x-request-id': 'no-audience' },
    });
    expect(rejected.status).toBe(401);
    const accepted = await createShopClient({ ...here, token: () => token }).get('/orders?limit=1', {
      headers: { 'x-request-id': 'listed' },
    });
    expect([accepted.status, accepted.body]).toEqual([200, { items: [], next: null }]);

    system.signal('SIGTERM');
    const ended = await system.ended;
    const lines = ended.stdout
      .split('\n')
      .filter((line) => line.includes('"request answered"'))
      .map((line) => JSON.parse(line));
    const lineOf = (requestId: string) => lines.filter((line) => line.requestId === requestId);
    const options = { level: 'info', method: 'OPTIONS', route: '/api/v1/orders', status: 204 };
    expect(lineOf('to-commands')).toMatchObject([{ ...options, role: 'write-side' }]);
    expect(lineOf('to-queries')).toMatchObject([{ ...options, role: 'read-api' }]);
    expect(lineOf('no-audience')).toMatchObject([{ method: 'GET', status: 401 }]);
    expect(lineOf('listed')).toMatchObject([{ method: 'GET', status: 200, callerRole: 'customer' }]);
    expect(ended.stdout).not.toContain('customer-whose-id-is-kept');
  });

  it('logs no request with ACCESS_LOG=off', async () => {
    const here = await systems.createEnvironment({ ACCESS_LOG: 'off' });
    const system = systems.start(here, ...WITHOUT_GATEWAY);
    await waitUntilServing(system, readyUrls(here, WITHOUT_GATEWAY));
    await createShopClient(here).get('/orders');
    system.signal('SIGTERM');
    expect((await system.ended).stdout).not.toContain('request answered');
  });
});
