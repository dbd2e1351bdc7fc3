import { aggregate } from '../../../command-handling/aggregates.ts';
import { readState } from '../../../command-handling/state/read-state.ts';
import { customerId } from '../../../domain/kernel/ids.ts';
import { userStream } from '../../../event-catalogue/streams.ts';
import type { KeyStore } from '../../../key-store/key-store.ts';
import { memoryKeyStore } from '../../../key-store/testing/memory-key-store.ts';
import type { Role } from '../../../platform/http/route.ts';
import { signToken } from '../../../platform/http/tokens/tokens.ts';
import { oneTimeToken, type TokenPurpose } from '../../../platform/one-time-tokens.ts';
import type { PasswordHasher } from '../../../platform/passwords/password-hasher.ts';
import { secret, shopApi } from '../../testing/shop-api.ts';
import type { AccountOptions } from '../account-parts.ts';
import { emailHashOf } from '../email-address.ts';

export const PASSWORD = 'correct horse battery';

/** Does not hash, so that specs about many accounts are fast. */
const fastHasher: PasswordHasher = {
  hash: async (password) => `hash of ${password}`,
  verify: async (hash, password) => hash === `hash of ${password}`,
  throwIfBusy: () => {},
};

/** The field of an event whose value is part of the token in a link. */
const requestIdOf = {
  'confirm-email': { UserRegistered: 'signUpId', SignUpRepeated: 'signUpId' },
  'set-password': { PasswordResetRequested: 'resetId' },
} as const;

interface AccountShopOptions extends Partial<AccountOptions> {
  readonly keys?: KeyStore;
  readonly passwords?: PasswordHasher;
}

/** Starts a command API for specs of accounts, with a clock that the spec moves. */
export async function accountShop({
  keys: givenKeys,
  passwords = fastHasher,
  ...options
}: AccountShopOptions = {}) {
  const keys = givenKeys ?? (await memoryKeyStore());
  let now = Date.parse('2026-01-05T12:00:00.000Z');
  const shop = await shopApi({
    accounts: { hiddenStepMs: 1, ...options },
    keyStore: keys,
    passwords,
    publicUrl: 'https://shop.example',
    clock: () => new Date(now),
  });

  const hashOf = async (email: string) => emailHashOf(await keys.secret('addressKey'), email);
  const userIdOf = async (email: string): Promise<string> => {
    const { state } = await readState(shop.store, aggregate('email', await hashOf(email)));
    if (state.status === 'claimed') return state.userId;
    throw new RangeError(`nobody has claimed ${email}`);
  };

  /** Returns the tokens of the links of an account, the oldest first, as its mails have them. */
  const tokensOf = async (userId: string, purpose: TokenPurpose): Promise<string[]> => {
    const tokenKey = await keys.secret('tokenKey');
    const fields: Readonly<Record<string, string>> = requestIdOf[purpose];
    const tokens: string[] = [];
    for await (const { event } of shop.store.read(userStream(userId))) {
      const field = fields[event.type];
      if (field === undefined) continue;
      const requestId = String((event.data as Record<string, unknown>)[field]);
      tokens.push(oneTimeToken(tokenKey, { purpose, userId, requestId }));
    }
    return tokens;
  };

  const signUp = (email: string, password = PASSWORD, name = 'Ann Smith') =>
    shop.post('/api/v1/accounts', { email, password, name }, { token: null });
  const confirm = (token: string | undefined) =>
    shop.post('/api/v1/accounts/confirm', { token }, { token: null });

  return {
    ...shop,
    keys,
    /** Moves the clock. */
    wait: (ms: number) => {
      now += ms;
    },
    hashOf,
    userIdOf,
    tokensOf,
    stateOf: async (userId: string) =>
      (await readState(shop.store, aggregate('user', customerId(userId)))).state,
    tokenFor: (userId: string, role: Role = 'customer') => signToken(secret, { sub: userId, role }),
    signUp,
    confirm,
    /** Creates an active account. Returns its id and an access token. */
    createAccount: async (email: string, role: Role = 'customer') => {
      await signUp(email);
      const userId = await userIdOf(email);
      await confirm((await tokensOf(userId, 'confirm-email')).at(-1));
      if (role !== 'customer') await shop.post(`/api/v1/accounts/${userId}/role`, { role }, { as: 'admin' });
      return { userId, token: signToken(secret, { sub: userId, role }) };
    },
    /** Returns everything in the event store as text, to search it for personal data. */
    logText: async () => {
      let text = '';
      for await (const { event, metadata, stream } of shop.store.readAll({ prefixes: [''] }))
        text += JSON.stringify([stream, event, metadata]);
      return text;
    },
  };
}

export type AccountShop = Awaited<ReturnType<typeof accountShop>>;
