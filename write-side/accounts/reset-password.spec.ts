import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { userStream } from '../../event-catalogue/streams.ts';
import { type AccountShop, accountShop } from './testing/account-shop.ts';

let shop: AccountShop;
beforeAll(async () => {
  shop = await accountShop();
});
afterAll(() => shop.close());

const request = (email: string) => shop.post('/api/v1/password-resets', { email }, { token: null });
const reset = (token: string | undefined, password = 'a new password') =>
  shop.post('/api/v1/password-resets/confirm', { token, password }, { token: null });

describe('POST /api/v1/password-resets', () => {
  it('has the same response for a known and an unknown address', async () => {
    const { userId } = await shop.createAccount('ann@example.com');
    const [known, unknown] = [await request('ANN@example.com'), await request('nobody@example.com')];
    expect([known.status, known.body]).toEqual([202, undefined]);
    expect([unknown.status, unknown.body]).toEqual([202, undefined]);
    expect([...unknown.headers.keys()]).toEqual([...known.headers.keys()]);
    expect((await shop.typesOf(userStream(userId))).at(-1)).toBe('PasswordResetRequested');
  });

  it('takes as long for an unknown address', async () => {
    const slow = await accountShop({ hiddenStepMs: 250 });
    const from = performance.now();
    await slow.post('/api/v1/password-resets', { email: 'nobody@example.com' }, { token: null });
    expect(performance.now() - from).toBeGreaterThanOrEqual(249);
    await slow.close();
  });

  it('mails at most five links at a time, each of which works', async () => {
    const { userId } = await shop.createAccount('bea@example.com');
    for (let count = 0; count < 7; count++) await request('bea@example.com');
    const tokens = await shop.tokensOf(userId, 'set-password');
    expect(tokens).toHaveLength(5);
    expect((await reset(tokens[2])).status).toBe(204);
  });
});

describe('POST /api/v1/password-resets/confirm', () => {
  it('sets the password, once', async () => {
    const { userId } = await shop.createAccount('carl@example.com');
    await request('carl@example.com');
    const [token] = await shop.tokensOf(userId, 'set-password');
    expect((await reset(token)).status).toBe(204);
    expect(await reset(token)).toMatchObject({ status: 422, body: { errors: [{ path: 'token' }] } });
    const change = { current: 'a new password', new: 'another password' };
    const options = { token: shop.tokenFor(userId) };
    expect((await shop.post('/api/v1/accounts/me/password', change, options)).status).toBe(204);
  });

  it('sets it once when the link is used twice at the same instant', async () => {
    const { userId } = await shop.createAccount('dora@example.com');
    await request('dora@example.com');
    const [token] = await shop.tokensOf(userId, 'set-password');
    const answers = await Promise.all([reset(token, 'password of one'), reset(token, 'password of two')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 422]);
  });

  it('is rejected after ten minutes', async () => {
    const { userId } = await shop.createAccount('emil@example.com');
    await request('emil@example.com');
    const [token] = await shop.tokensOf(userId, 'set-password');
    shop.wait(10 * 60 * 1000);
    expect((await reset(token)).status).toBe(422);
  });

  it('does not accept the token of a sign-up', async () => {
    await shop.signUp('fred@example.com');
    const userId = await shop.userIdOf('fred@example.com');
    const [token] = await shop.tokensOf(userId, 'confirm-email');
    expect((await reset(token)).status).toBe(422);
  });

  it('also confirms an address that a stranger has signed up with', async () => {
    await shop.signUp('gina@example.com', 'the password of a stranger');
    await request('gina@example.com');
    const userId = await shop.userIdOf('gina@example.com');
    const [token] = await shop.tokensOf(userId, 'set-password');
    expect((await reset(token, 'the password of the owner')).status).toBe(204);
    expect(await shop.stateOf(userId)).toMatchObject({ status: 'active', signUps: [] });
  });
});
