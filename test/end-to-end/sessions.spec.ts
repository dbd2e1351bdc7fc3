import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventStream } from '../../read-api/testing/event-stream.ts';
import { PASSWORD } from '../../write-side/sessions/testing/register-account.ts';
import { registerAccounts } from '../support/accounts.ts';
import { call } from '../support/http.ts';
import { type SharedSystem, useSharedShop } from '../support/shared-systems/use-shared-shop.ts';
import type { ShopClient } from '../support/shop.ts';

/** Maximum milliseconds until the end of a session is effective on every role: 2 s, or longer while other tests keep the machine busy. */
const EFFECTIVE_WITHIN_MS = 20_000;

describe('a session in a running system', () => {
  let system: SharedSystem;
  let shop: ShopClient;
  beforeAll(async () => {
    ({ system, shop } = await useSharedShop());
    await registerAccounts(system, 'sam');
    await shop.createItem('sessions-mug', 5);
  });
  afterAll(() => system.release());

  const api = (path: string) => `${system.commandUrl}/api/v1${path}`;
  const logIn = async () => {
    const body = { email: 'sam@example.com', password: PASSWORD, tokens: true };
    const { status, body: session } = await call('POST', api('/sessions'), { body });
    expect(status).toBe(201);
    return session as { accessToken: string; refreshToken: string };
  };
  /** Statuses of a request to each API. */
  const statuses = (token: string) =>
    Promise.all(
      [api('/sessions'), `${system.queryUrl}/api/v1/orders`].map(
        async (url) => (await call('GET', url, { token })).status,
      ),
    );
  const poll = { timeout: EFFECTIVE_WITHIN_MS, interval: 20 };

  it('is accepted by both APIs, also when refreshed', async () => {
    const { accessToken, refreshToken } = await logIn();
    await expect.poll(() => statuses(accessToken), poll).toEqual([200, 200]);
    const refreshed = await call('POST', api('/sessions/refresh'), { body: { refreshToken } });
    expect(refreshed.status).toBe(200);
    expect(await statuses(refreshed.body.accessToken)).toEqual([200, 200]);
  });

  it('is in the list of the user as soon as it is started', async () => {
    const [first, second] = [await logIn(), await logIn()];
    const { body } = await call('GET', api('/sessions'), { token: first.accessToken });
    const ids = body.items.map(({ sessionId }: { sessionId: string }) => sessionId);
    for (const { refreshToken } of [first, second]) expect(ids).toContain(refreshToken.slice(0, 36));
  });

  it('ends on both APIs soon after the log-out, with its live stream', async () => {
    const { accessToken } = await logIn();
    const placed = await call('POST', api('/orders'), {
      token: accessToken,
      body: { items: [{ productId: 'sessions-mug', quantity: 1 }] },
    });
    expect(placed.status).toBe(201);
    await shop.waitForCompletion(placed.body.orderId, 'sessions-mug');
    const stream = await EventStream.open(
      Number(new URL(system.queryUrl).port),
      `/api/v1/orders/${placed.body.orderId}/live`,
      { authorization: `Bearer ${accessToken}` },
    );
    expect(stream.status).toBe(200);

    const loggedOutAt = performance.now();
    expect((await call('DELETE', api('/sessions/current'), { token: accessToken })).status).toBe(204);
    await stream.over;
    expect(performance.now() - loggedOutAt).toBeLessThan(EFFECTIVE_WITHIN_MS);
    await expect.poll(() => statuses(accessToken), poll).toEqual([401, 401]);
  });

  it('is verified by anyone with the published keys', async () => {
    const { accessToken } = await logIn();
    const header = JSON.parse(Buffer.from(accessToken.split('.')[0] ?? '', 'base64url').toString());
    const { body } = await call('GET', `${system.commandUrl}/.well-known/jwks.json`);
    expect(body.keys).toContainEqual(expect.objectContaining({ kid: header.kid, alg: 'ES256' }));
  });
});
