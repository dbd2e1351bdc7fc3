import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatewayKeyOf } from '../../platform/http/request/gateway-key.ts';
import { secret } from '../testing/shop-api.ts';
import { type AccountShop, accountShop, PASSWORD } from './testing/account-shop.ts';

let shop: AccountShop;
beforeAll(async () => {
  shop = await accountShop();
});
afterAll(() => shop.close());

const tooMany = { status: 429, body: { type: 'urn:orderstream:problem:too-many-requests' } };
/** A request that the gateway forwards from this address. */
const from = (address: string) => ({
  token: null,
  headers: { 'orderstream-gateway-key': gatewayKeyOf(secret), 'x-forwarded-for': address },
});
const signUpFrom = (address: string, email: string, password = PASSWORD, on = shop) =>
  on.post('/api/v1/accounts', { email, password, name: 'Ann Smith' }, from(address));
const resetFrom = (address: string, email: string) =>
  shop.post('/api/v1/password-resets', { email }, from(address));

/** Sends requests until one is 429, at most 100. Returns how many were accepted, and the rejected one. */
async function untilRejected<Response extends { readonly status: number }>(
  send: (n: number) => Promise<Response>,
): Promise<{ accepted: number; rejected: Response | undefined }> {
  for (let n = 0; n < 100; n++) {
    const response = await send(n);
    if (response.status === 429) return { accepted: n, rejected: response };
  }
  return { accepted: 100, rejected: undefined };
}

describe('sign-ups', () => {
  it('from one source are rejected after 60 in ten minutes, with Retry-After', async () => {
    const { accepted, rejected } = await untilRejected((n) => signUpFrom('192.0.2.1', `n${n}@example.com`));
    expect(accepted).toBe(60);
    expect(rejected).toMatchObject(tooMany);
    expect(Number(rejected?.headers.get('retry-after'))).toBeGreaterThan(500);
    expect((await signUpFrom('192.0.2.2', 'elsewhere@example.com')).status).toBe(202);
  });

  it('from one network of IPv6 count as one source', async () => {
    const send = (n: number) => signUpFrom(`2001:db8::${n + 1}:1`, `six${n}@example.com`);
    expect((await untilRejected(send)).accepted).toBe(60);
  });

  it('beyond the limit have the same response for a known and an unknown address', async () => {
    await shop.createAccount('known@example.com');
    await untilRejected(() => signUpFrom('192.0.2.3', 'filler@example.com'));
    const known = await signUpFrom('192.0.2.3', 'known@example.com');
    const unknown = await signUpFrom('192.0.2.3', 'unknown@example.com');
    expect(known).toMatchObject(tooMany);
    expect(unknown).toMatchObject(tooMany);
    expect([...unknown.headers.keys()]).toEqual([...known.headers.keys()]);
  });

  it('that are rejected for a common password do not count', async () => {
    const send = (n: number) => signUpFrom('192.0.2.4', `n${n}@example.com`, 'football');
    expect((await untilRejected(send)).accepted).toBe(100);
  });

  it.each([
    [2, 2],
    [0, 100],
  ])(
    'are limited by requestsPerSource: with %d, %d of 100 are accepted',
    async (requestsPerSource, count) => {
      const other = await accountShop({ requestsPerSource });
      const send = (n: number) => signUpFrom('192.0.2.1', `n${n}@example.com`, PASSWORD, other);
      expect((await untilRejected(send)).accepted).toBe(count);
      await other.close();
    },
  );
});

describe('requests for a new password', () => {
  it('for one address are rejected after 10 in ten minutes from any sources, known or not', async () => {
    await shop.createAccount('emil@example.com');
    for (const email of ['emil@example.com', 'nobody@example.com']) {
      const { accepted, rejected } = await untilRejected((n) => resetFrom(`198.51.100.${n}`, email));
      expect(accepted).toBe(10);
      expect(rejected).toMatchObject(tooMany);
      expect(Number(rejected?.headers.get('retry-after'))).toBeGreaterThan(500);
    }
  });

  it('from one source are rejected after 60 in ten minutes, for any addresses', async () => {
    const { accepted } = await untilRejected((n) => resetFrom('192.0.2.1', `n${n}@example.com`));
    expect(accepted).toBe(60);
    expect((await resetFrom('192.0.2.2', 'another@example.com')).status).toBe(202);
  });
});
