import { createCommandHandler } from '../../../command-handling/create-command-handler.ts';
import type { UserCommand } from '../../../domain/user/commands.ts';
import type { InMemoryEventStore } from '../../../event-store/testing/in-memory-event-store.ts';
import { shopApi } from '../../testing/shop-api.ts';
import { commandUser, PASSWORD, registerAccount } from './register-account.ts';

export { PASSWORD };

interface Sent {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: any JSON, for a test to inspect
  readonly body: any;
  /** The cookies that the response sets, by name. */
  readonly cookies: Readonly<Record<string, string>>;
}

/** A command API with accounts, whose clock can be moved ahead. */
export async function sessionShop(options: Parameters<typeof shopApi<InMemoryEventStore>>[0] = {}) {
  let ahead = 0;
  const shop = await shopApi<InMemoryEventStore>({ clock: () => new Date(Date.now() + ahead), ...options });
  const { store, keyStore } = shop;
  const handler = createCommandHandler({ store });
  const user = (userId: string, command: UserCommand) => commandUser(handler, userId, command);
  const register = (name: string, confirmation?: 'by-mail') =>
    registerAccount({ handler, keyStore }, name, confirmation);

  const send = async (
    method: string,
    path: string,
    { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Sent> => {
    const response = await shop.call(method, path, { token: null, body, headers });
    const cookies = response.headers.getSetCookie().map((line) => {
      const [pair = ''] = line.split(';');
      return [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const;
    });
    return { ...response, cookies: Object.fromEntries(cookies) };
  };
  const logIn = (name: string, { password = PASSWORD, tokens = true, headers = {} }: LogInOptions = {}) =>
    send('POST', '/api/v1/sessions', {
      body: { email: `${name}@example.com`, password, ...(tokens && { tokens }) },
      headers,
    });

  return {
    ...shop,
    keyStore,
    send,
    register,
    user,
    logIn,
    refresh: (refreshToken: string) => send('POST', '/api/v1/sessions/refresh', { body: { refreshToken } }),
    /** Sends a request with an access token. */
    as: (accessToken: string, method: string, path: string, body?: unknown) =>
      send(method, path, { body, headers: { authorization: `Bearer ${accessToken}` } }),
    pass: (ms: number) => {
      ahead += ms;
    },
  };
}

interface LogInOptions {
  readonly password?: string;
  readonly tokens?: boolean;
  readonly headers?: Record<string, string>;
}
export type SessionShop = Awaited<ReturnType<typeof sessionShop>>;
