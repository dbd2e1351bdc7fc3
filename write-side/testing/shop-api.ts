import { request as httpRequest } from 'node:http';
import { Writable } from 'node:stream';
import { Registry } from 'prom-client';
import { transports } from 'winston';
import { aggregate } from '../../command-handling/aggregates.ts';
import { type CommandLimits, createCommandHandler } from '../../command-handling/create-command-handler.ts';
import { KeyedCommands } from '../../command-handling/idempotency/keyed-commands.ts';
import { customerId, orderId as orderIdFrom } from '../../domain/kernel/ids.ts';
import { money } from '../../domain/kernel/money.ts';
import type { OrderCommand } from '../../domain/order/commands.ts';
import type { PaymentCommand } from '../../domain/payment/commands.ts';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import {
  createInMemoryEventStore,
  type InMemoryEventStore,
} from '../../event-store/testing/in-memory-event-store.ts';
import type { PaymentProvider } from '../../integrations/payments/payment-provider.ts';
import { simulatedPayments } from '../../integrations/payments/simulated-payments.ts';
import type { KeyStore } from '../../key-store/key-store.ts';
import { memoryKeyStore } from '../../key-store/testing/memory-key-store.ts';
import { listen } from '../../platform/http/server/listen.ts';
import { secretKey } from '../../platform/http/tokens/secret-key.ts';
import { cacheSessionKeys } from '../../platform/http/tokens/session-keys.ts';
import { signToken } from '../../platform/http/tokens/tokens.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import type { PasswordHasher } from '../../platform/passwords/password-hasher.ts';
import { hasherInThisProcess } from '../../platform/passwords/testing/hasher-in-this-process.ts';
import { FollowedSessions } from '../../projections/sessions/ended-sessions.ts';
import type { AccountOptions } from '../accounts/account-parts.ts';
import { createCommandApi } from '../command-api.ts';
import { createPriceCache } from '../items/price-cache.ts';
import { sessionsInLog } from './sessions-in-log.ts';

export const secret = secretKey('a secret of thirty-two bytes or more');
export const tokens = {
  admin: signToken(secret, { sub: 'ada', role: 'admin' }),
  operator: signToken(secret, { sub: 'olga', role: 'operator' }),
  ann: signToken(secret, { sub: 'ann', role: 'customer' }),
  bob: signToken(secret, { sub: 'bob', role: 'customer' }),
};

export interface ApiResponse {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: any JSON, for a test to inspect
  readonly body: any;
}
export interface Call {
  readonly as?: keyof typeof tokens;
  readonly token?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const noon = new Date('2026-01-05T12:00:00.000Z');
const silent = createLogger({ level: 'error', silent: true });

interface ShopOptions<Store extends EventStore> {
  readonly payments?: Pick<PaymentProvider, 'refund'>;
  readonly refundWithinMs?: number;
  readonly store?: Store;
  readonly limits?: Partial<CommandLimits>;
  readonly accounts?: Partial<AccountOptions>;
  /** Check of the event store for health. */
  readonly eventStore?: () => string;
  /** Check of the key store for health. */
  readonly keyStoreCheck?: () => string;
  readonly imageOrigins?: readonly string[];
  /** The clock of the API; always noon by default. */
  readonly clock?: () => Date;
  readonly keyStore?: KeyStore;
  readonly passwords?: PasswordHasher;
  readonly publicUrl?: string;
  readonly trustedProxies?: readonly string[];
}

/**
 * Starts a command API on an event store, by default in memory, and calls it over HTTP. A call fails if the OpenAPI
 * document does not describe the status of its response.
 */
export async function shopApi<Store extends EventStore = InMemoryEventStore>({
  payments = simulatedPayments(),
  refundWithinMs = 2_000,
  store = createInMemoryEventStore({ catalogue }) as EventStore as Store,
  limits = {},
  accounts = {},
  eventStore = () => 'ok',
  keyStoreCheck = () => 'ok',
  imageOrigins = [],
  clock = () => noon,
  keyStore: givenKeyStore,
  passwords = hasherInThisProcess(),
  publicUrl = 'http://127.0.0.1:8080',
  trustedProxies = [],
}: ShopOptions<Store> = {}) {
  const ending = new AbortController();
  const loggedErrors: string[] = [];
  const stream = new Writable({
    write: (line, _encoding, done) => {
      loggedErrors.push(String(line));
      done();
    },
  });
  const logger = createLogger({ level: 'error' }).clear().add(new transports.Stream({ stream }));
  const handler = createCommandHandler({ store, limits });
  const prices = createPriceCache({ store, logger: silent, signal: ending.signal });
  const keyStore = givenKeyStore ?? (await memoryKeyStore());
  const ended = new FollowedSessions({
    ...{ store, logger: silent, signal: ending.signal },
    readStore: async () => undefined,
    clock: () => new Date(),
  });
  const keys = cacheSessionKeys(() => keyStore.signingKeys(), 0);
  const app = createCommandApi({
    sessions: { keys, issuer: publicUrl, ended },
    ...{ keyStore, passwords, publicUrl, trustedProxies },
    listSessions: (userId) => sessionsInLog(store, userId),
    onSessionEnded: (sessionId, userId) => ended.sessionEnded(sessionId, userId),
    handler,
    keyed: new KeyedCommands(store),
    store,
    eventStore,
    prices,
    payments,
    keyStoreCheck,
    secret,
    logger,
    metrics: new Registry(),
    version: '1.0.0',
    clock,
    accounts: {
      records: { openOrders: async () => [], everything: async () => ({}) },
      confirmation: true,
      ...accounts,
    },
    refundWithinMs,
    imageOrigins,
  });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as Document;

  const call = async (method: string, path: string, options: Call = {}): Promise<ApiResponse> => {
    const { as = 'operator', token = tokens[as], body, headers } = options;
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    assertDocumented(document, method, path, response.status);
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  };
  const post = (path: string, body?: unknown, options: Call = {}) => call('POST', path, { ...options, body });

  /** Sends the commands that the fulfilment of an order would send. */
  const fulfil = (orderId: string) => {
    const context = () => ({
      commandId: crypto.randomUUID(),
      correlationId: orderId,
      causationId: orderId,
      actor: { sub: 'fulfilment', role: 'system' } as const,
    });
    const order = (command: OrderCommand) =>
      handler.handle({ ...aggregate('order', orderId), command, context: context() });
    const payment = (command: PaymentCommand) =>
      handler.handle({
        ...aggregate('payment', orderId),
        command,
        context: context(),
      });
    const ids = { orderId: orderIdFrom(orderId), customerId: customerId('ann') };
    const charge = { ...ids, amount: money(500, 'GBP'), paymentToken: 'tok_ok' };
    return {
      order,
      payment,
      requestShipment: () =>
        handler.handle({
          ...aggregate('shipment', orderId),
          command: { type: 'RequestShipment', ...ids },
          context: context(),
        }),
      capture: async () => {
        await payment({ type: 'RequestPayment', ...charge });
        await payment({ type: 'RecordCapture', reference: 'r-1', capturedAt: noon.toISOString() });
      },
      decline: async () => {
        await payment({ type: 'RequestPayment', ...charge });
        await payment({ type: 'RecordDecline', reason: 'card declined' });
      },
    };
  };

  return {
    port: server.port,
    /** Log lines of level error. */
    loggedErrors,
    store,
    keyStore,
    url: server.url,
    eventStore,
    prices,
    call,
    post,
    fulfil,
    /** Sends a POST with the path unchanged; `fetch` would normalise it. */
    rawStatus: (path: string) =>
      new Promise<number>((resolve, reject) => {
        const headers = { authorization: `Bearer ${tokens.operator}` };
        httpRequest({ host: '127.0.0.1', port: server.port, method: 'POST', path, headers }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        })
          .on('error', reject)
          .end();
      }),
    eventsOf: async (stream: string) => {
      const events = [];
      for await (const recorded of store.read(stream)) events.push(recorded);
      return events;
    },
    typesOf: async (stream: string) => {
      const types: string[] = [];
      for await (const { event } of store.read(stream)) types.push(event.type);
      return types;
    },
    createItem: (productId: string, price = { amount: 250, currency: 'GBP' }, quantity?: number) =>
      post('/api/v1/inventory/items', {
        productId,
        name: `name of ${productId}`,
        price,
        ...(quantity !== undefined && { quantity }),
      }),
    placeOrder: async (options: Call = { as: 'ann' }) =>
      (await post('/api/v1/orders', { items: [{ productId: '85123A', quantity: 2 }] }, options)).body
        .orderId as string,
    close: async () => {
      ending.abort();
      await server.close(0);
    },
  };
}

export type ShopApi<Store extends EventStore = InMemoryEventStore> = Awaited<
  ReturnType<typeof shopApi<Store>>
>;

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: object }>>>>;
}

function assertDocumented({ paths }: Document, method: string, path: string, status: number): void {
  const [pathname = ''] = path.split('?');
  // A path without parameters takes precedence over one that matches it.
  const literal = paths[pathname];
  const described = literal === undefined ? Object.entries(paths) : [[pathname, literal] as const];
  for (const [template, operations] of described) {
    if (!new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname)) continue;
    const operation = operations[method.toLowerCase()];
    if (operation !== undefined && !(status in operation.responses))
      throw new Error(`the OpenAPI document has no response ${status} for ${method} ${template}`);
  }
}
