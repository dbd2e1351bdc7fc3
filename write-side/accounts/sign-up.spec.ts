import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { userStream } from '../../event-catalogue/streams.ts';
import { type AccountShop, accountShop, PASSWORD } from './testing/account-shop.ts';

let shop: AccountShop;
beforeAll(async () => {
  shop = await accountShop();
});
afterAll(() => shop.close());

describe('POST /api/v1/accounts', () => {
  it('registers an account that the link of the mail makes active', async () => {
    expect(await shop.signUp(' Ann@Example.com ')).toMatchObject({ status: 202, body: undefined });
    const userId = await shop.userIdOf('ann@example.com');
    expect(await shop.stateOf(userId)).toMatchObject({ status: 'unconfirmed', role: 'customer' });

    const [token] = await shop.tokensOf(userId, 'confirm-email');
    expect(await shop.confirm(token)).toMatchObject({ status: 204 });
    expect(await shop.stateOf(userId)).toMatchObject({ status: 'active' });
    expect(await shop.confirm(token)).toMatchObject({ status: 422, body: { errors: [{ path: 'token' }] } });
  });

  it('has the same status, headers and body for an unknown, an unconfirmed and an active address', async () => {
    await shop.createAccount('known@example.com');
    await shop.signUp('pending@example.com');
    const answers = [];
    for (const email of ['new@example.com', 'pending@example.com', 'known@example.com']) {
      const { status, headers, body } = await shop.signUp(email);
      answers.push({ status, body, headers: [...headers.keys()].filter((name) => name !== 'date').sort() });
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it('takes as long for an active address as for an unknown one, and hashes the password for both', async () => {
    let hashed = 0;
    const passwords = {
      hash: async (text: string) => `${text}${++hashed}`,
      verify: async () => true,
      throwIfBusy: () => {},
    };
    const counting = await accountShop({ passwords, hiddenStepMs: 250 });
    const took = async (email: string) => {
      const from = performance.now();
      await counting.signUp(email);
      return performance.now() - from;
    };
    await counting.createAccount('known@example.com');
    const before = hashed;
    const times = [await took('other@example.com'), await took('known@example.com')];
    expect(hashed - before).toBe(2);
    for (const ms of times) expect(ms).toBeGreaterThanOrEqual(249);
    await counting.close();
  });

  it('lets the owner of an address sign up although another person did before, with the password of the owner', async () => {
    await shop.signUp('bea@example.com', 'the password of a stranger', 'Stranger');
    await shop.signUp('bea@example.com', 'the password of the owner', 'Bea');
    const userId = await shop.userIdOf('bea@example.com');
    const [, own] = await shop.tokensOf(userId, 'confirm-email');
    expect(await shop.confirm(own)).toMatchObject({ status: 204 });
    const token = shop.tokenFor(userId);
    expect((await shop.call('GET', '/api/v1/accounts/me', { token })).body).toMatchObject({ name: 'Bea' });
    const change = { current: 'the password of the owner', new: 'another good password' };
    expect((await shop.post('/api/v1/accounts/me/password', change, { token })).status).toBe(204);
  });

  it('tells the owner of an active account of a sign-up, and changes nothing else', async () => {
    const { userId } = await shop.createAccount('cleo@example.com');
    const before = await shop.stateOf(userId);
    await shop.signUp('cleo@example.com', 'the password of a stranger');
    await shop.signUp('cleo@example.com', 'the password of a stranger');
    expect((await shop.typesOf(userStream(userId))).slice(2)).toEqual(['KnownAddressSignedUp']);
    expect(await shop.stateOf(userId)).toEqual({ ...before, lastNoticeAt: '2026-01-05T12:00:00.000Z' });
  });

  it('creates one account when several sign-ups for an address arrive at the same instant', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => shop.signUp('dora@example.com')));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 202));
    const userId = await shop.userIdOf('dora@example.com');
    const types = await shop.typesOf(userStream(userId));
    expect(types.filter((type) => type === 'UserRegistered')).toHaveLength(1);
    expect(types.filter((type) => type === 'SignUpRepeated')).toHaveLength(7);
  });

  it('keeps neither address nor name nor password readable in the event store', async () => {
    await shop.signUp('secret.person@example.com', 'a very secret password', 'Secretive Person');
    const log = await shop.logText();
    for (const plain of ['secret.person', 'Secretive', 'very secret', 'hash of'])
      expect(log).not.toContain(plain);
  });

  it('expects a confirmation within 24 hours', async () => {
    await shop.signUp('emil@example.com');
    const userId = await shop.userIdOf('emil@example.com');
    const [token] = await shop.tokensOf(userId, 'confirm-email');
    shop.wait(24 * 3600 * 1000);
    expect((await shop.confirm(token)).status).toBe(422);
  });

  it.each([
    ['short12', 'must be 8 to 128 characters'],
    ['x'.repeat(129), 'must be 8 to 128 characters'],
    ['Password1', 'is one of the most common passwords: choose another one'],
    ['football', 'is one of the most common passwords: choose another one'],
    ['Orderstream1!', 'is one of the most common passwords: choose another one'],
  ])('rejects the password %j without repeating it', async (password, message) => {
    const { status, body } = await shop.signUp('fred@example.com', password);
    expect(status).toBe(422);
    expect(body.errors).toEqual([{ path: 'password', message }]);
    expect(JSON.stringify(body)).not.toContain(password);
  });

  it.each(['pässwörter', '😀'.repeat(8), ' leading and trailing ', 'x'.repeat(100) + PASSWORD])(
    'accepts the password %j: any characters, without rules of composition',
    async (password) => expect((await shop.signUp('gus@example.com', password)).status).toBe(202),
  );

  it('names the field, the value and what is allowed for a bad address', async () => {
    const { status, body } = await shop.signUp('nobody');
    expect(status).toBe(422);
    expect(body.errors).toEqual([
      {
        path: 'email',
        message: 'must be an e-mail address of at most 254 characters, such as ann@example.com, not "nobody"',
      },
    ]);
  });
});

describe('POST /api/v1/accounts without confirmation', () => {
  it('registers an account that is active at once', async () => {
    const open = await accountShop({ confirmation: false });
    await open.signUp('ann@example.com');
    const userId = await open.userIdOf('ann@example.com');
    expect(await open.stateOf(userId)).toMatchObject({ status: 'active' });
    await open.signUp('ann@example.com', 'the password of a stranger');
    expect(await open.typesOf(userStream(userId))).toEqual(['UserRegistered']);
    await open.close();
  });
});

describe('POST /api/v1/accounts/confirm', () => {
  it.each(['', 'x', 'ann.secret', `${'a'.repeat(36)}.${'A'.repeat(43)}`])('rejects %j', async (token) => {
    expect(await shop.confirm(token)).toMatchObject({ status: 422, body: { errors: [{ path: 'token' }] } });
  });
});
