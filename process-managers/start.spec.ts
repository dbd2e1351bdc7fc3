import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandHandler } from '../command-handling/command-handler.ts';
import { createCommandHandler } from '../command-handling/create-command-handler.ts';
import type { FulfilmentPolicy } from '../domain/fulfilment/policy.ts';
import { fulfilmentPolicy } from '../domain/fulfilment/policy.ts';
import { inventoryDecider } from '../domain/inventory/decider.ts';
import { levels } from '../domain/inventory/state.ts';
import { customerId, orderId, productId } from '../domain/kernel/ids.ts';
import { money } from '../domain/kernel/money.ts';
import { orderDecider } from '../domain/order/decider.ts';
import { productDecider } from '../domain/product/decider.ts';
import { type EmbeddedNode, startEmbeddedNode } from '../embedded/node.ts';
import { catalogue } from '../event-catalogue/catalogue.ts';
import { connectEventStore, type EventStoreConnection } from '../event-store/connect.ts';
import { silent } from '../event-store/logger.ts';
import { autoCarrier } from '../integrations/carrier/carrier.ts';
import { resilientPayments } from '../integrations/payments/resilient-payments.ts';
import { simulatedPayments } from '../integrations/payments/simulated-payments.ts';
import { defaultResilience } from '../integrations/resilience/resilient-calls.ts';
import type { KeyStore } from '../key-store/key-store.ts';
import { memoryKeyStore } from '../key-store/testing/memory-key-store.ts';
import { deadlinesProjection } from '../projections/deadlines/projection.ts';
import { startProjector } from '../projections/engine/projector.ts';
import type { ReadStore } from '../read-store/read-store.ts';
import { sqliteReadStore } from '../read-store/testing/adapters.ts';
import { recordingMailer } from './account-mails/testing/mailing.ts';
import type { RunningEngine } from './engine/start-engine.ts';
import { startProcessManagers } from './start.ts';

const PRODUCTS = ['tea', 'mug', 'jam', 'pot', 'pan'];
const OPENING = 100;
const policy: FulfilmentPolicy = { ...fulfilmentPolicy, firstDeadlineMs: 400, paymentGiveUpMs: 800 };

describe('process managers on a node', () => {
  const place = sqliteReadStore();
  const stopped = new AbortController();
  let node: EmbeddedNode;
  let store: EventStoreConnection;
  let readStore: ReadStore;
  let keyStore: KeyStore;
  let projecting: Promise<void>;
  let handler: CommandHandler;
  const connections: EventStoreConnection[] = [];
  const running: RunningEngine[] = [];
  const registries: Registry[] = [];

  const connect = () => {
    const connection = connectEventStore({ catalogue, url: node.connectionString });
    connections.push(connection);
    return connection;
  };

  /** The payments that the provider has made: all processes share the provider. */
  const provider = simulatedPayments();
  const dependencies = { eventStore: 'ok', readStore: 'ok', statuses: [] };
  let projections = 'ok';
  const start = (models = readStore): RunningEngine => {
    const connection = connect();
    const metrics = new Registry();
    const started = startProcessManagers({
      store: connection,
      handler: createCommandHandler({ store: connection }),
      readStore: models,
      dependencies: () => ({ ...dependencies, projections }),
      payments: resilientPayments(provider, { ...defaultResilience, firstDelayMs: 10 }),
      carrier: autoCarrier(),
      mailer: recordingMailer(),
      keyStore,
      publicUrl: 'https://shop.example',
      policy,
      logger: silent,
      metrics,
      clock: () => new Date(),
    });
    registries.push(metrics);
    running.push(started);
    return started;
  };

  const context = (commandId: string) => ({
    commandId,
    correlationId: commandId,
    causationId: commandId,
    actor: { sub: 'ann', role: 'customer' as const },
  });
  const create = (product: string) =>
    handler.handle({
      stream: `product-${product}`,
      decider: productDecider,
      command: {
        type: 'CreateProduct',
        productId: productId(product),
        name: product,
        price: money(250, 'GBP'),
        openingQuantity: OPENING,
      },
      context: context(`create-${product}`),
    });
  const order = (id: string, quantity: number, paymentToken: string) =>
    handler.handle({
      stream: `order-${id}`,
      decider: orderDecider,
      command: {
        type: 'PlaceOrder',
        orderId: orderId(id),
        customerId: customerId('ann'),
        lines: PRODUCTS.map((product) => ({
          productId: productId(product),
          name: product,
          quantity,
          unitPrice: money(250, 'GBP'),
        })),
        paymentToken,
        placedAt: new Date().toISOString(),
      },
      context: context(id),
    });

  /** Resolves when `count` events of a type have been appended to streams with a prefix. */
  async function until(prefix: string, type: string, count: number): Promise<void> {
    const enough = new AbortController();
    let seen = 0;
    for await (const entry of store.subscribe({ prefixes: [prefix], signal: enough.signal })) {
      if (entry.kind === 'event' && entry.recorded.event.type === type) seen += 1;
      if (seen === count) enough.abort();
    }
  }
  const lastOf = async (stream: string) => (await store.readLast(stream))?.event.type;

  beforeAll(async () => {
    node = await startEmbeddedNode({ memory: true, port: 0 });
    store = connect();
    handler = createCommandHandler({ store });
    readStore = await place.open();
    keyStore = await memoryKeyStore();
    const projector = await startProjector({
      stores: () => ({ eventStore: 'ok', readStore: 'ok' }),
      store: connect(),
      readStore: await place.open(),
      projections: [deadlinesProjection],
      logger: silent,
      host: '127.0.0.1',
      signal: stopped.signal,
    });
    projecting = projector.done;
  });

  afterAll(async () => {
    await Promise.all(running.map((each) => each.stop()));
    stopped.abort();
    await projecting;
    await Promise.all(connections.map((connection) => connection.close()));
    await place.dispose();
    await node.stop();
  });

  it('of several processes complete each order while one of the processes stops', async () => {
    start();
    start();
    const third = start();
    await Promise.all(PRODUCTS.map(create));
    await until('inventory-', 'StockOpened', PRODUCTS.length);

    const tokens = ['tok_ok', 'tok_ok', 'tok_ok', 'tok_declined', 'tok_flaky', 'tok_down'];
    const placed = Array.from({ length: 24 }, (_, n) => ({
      id: `o-${n}`,
      token: tokens[n % tokens.length] ?? 'tok_ok',
    }));
    await Promise.all(placed.slice(0, 12).map(({ id, token }) => order(id, 2, token)));
    await third.stop();
    await Promise.all(placed.slice(12).map(({ id, token }) => order(id, 2, token)));
    await order('too-much', OPENING + 1, 'tok_ok');
    await until('fulfilment-', 'FulfilmentCompleted', placed.length + 1);

    const ends = await Promise.all(
      placed.map(async ({ id, token }) => `${token} ${await lastOf(`order-${id}`)}`),
    );
    expect([...new Set(ends)].sort()).toEqual([
      'tok_declined OrderRejected',
      'tok_down OrderRejected',
      'tok_flaky OrderShipped',
      'tok_ok OrderShipped',
    ]);
    expect(await lastOf('order-too-much')).toBe('OrderRejected');
    expect(await lastOf('payment-o-5')).toBe('PaymentFailed');
    const [first] = registries;
    expect(await first?.metrics()).toMatch(/^orderstream_parked_events\{group="fulfilment"\} 0$/m);

    for (const product of PRODUCTS) {
      let state = inventoryDecider.initialState;
      for await (const { event } of store.read(`inventory-${product}`))
        state = inventoryDecider.evolve(state, event as Parameters<typeof inventoryDecider.evolve>[1]);
      expect(levels(state)).toEqual({ onHand: OPENING - 2 * 16, reserved: 0, available: OPENING - 2 * 16 });
    }
  });

  it('are not ready while the deadlines cannot be read', async () => {
    let fails = true;
    const models = new Proxy(readStore, {
      get: (target, name) => {
        if (name === 'live' && fails) return () => Promise.reject(new RangeError('built by other code'));
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const managers = start(models);
    const deadlines = async () => (await managers.ready()).checks.deadlines;
    await expect.poll(deadlines).toBe('the deadlines cannot be read: the log says why');
    fails = false;
    await expect.poll(deadlines).toBe('ok');
  });

  it('are ready while their stores, subscriptions and the projector work', async () => {
    const [first] = running;
    const checks = {
      eventStore: 'ok',
      readStore: 'ok',
      projections: 'ok',
      fulfilment: 'ok',
      'opening-stock': 'ok',
      'account-mails': 'ok',
      forgetting: 'ok',
      parking: 'ok',
      deadlines: 'ok',
    };
    expect(await first?.ready()).toEqual({ ready: true, checks });
    projections = 'no projector is running: the read models stand still';
    expect(await first?.ready()).toEqual({ ready: false, checks: { ...checks, projections } });
  });
});
