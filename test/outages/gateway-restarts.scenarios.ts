import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../support/http.ts';
import { CommandProcess } from '../support/processes/command-process.ts';
import { createShopClient } from '../support/shop.ts';
import { readyUrls, type System, startSystem } from '../support/system.ts';

const CLIENTS = 4;
const RETRY_AFTER_MS = 20;

describe('clients that place orders with keys through the gateway', () => {
  let system: System;
  let writeSide: CommandProcess;
  let gateway: CommandProcess;
  beforeAll(async () => {
    system = await startSystem({ GATEWAY_RATE_LIMIT_REQUESTS: '0' }, ['eventstore']);
    writeSide = new CommandProcess(['start', 'write-side'], system.env, readyUrls(system, ['write-side']));
    // Without a query API the gateway is live and never ready.
    gateway = new CommandProcess(['start', 'gateway'], system.env, [`${system.gatewayUrl}/health/live`]);
    writeSide.start();
    gateway.start();
    await Promise.all([writeSide.ready(), gateway.ready()]);
    await createShopClient(system).createItem('restart-mug', 1_000_000);
  });
  afterAll(async () => {
    await gateway.stop();
    await writeSide.stop();
    await system.stop();
  });

  /** The id of each order that a client knows, by key. */
  const orders = new Map<string, string>();
  const unexpected: unknown[] = [];

  const post = (key: string) =>
    call('POST', `${system.gatewayUrl}/api/v1/orders`, {
      token: system.token('customer', 'ann'),
      headers: { 'idempotency-key': key },
      body: { items: [{ productId: 'restart-mug', quantity: 1 }] },
    });

  /** Places one order: repeats the request with its key until the outcome is known. */
  async function place(key: string): Promise<void> {
    for (;;) {
      // Rejects while the gateway itself does not run.
      const response = await post(key).catch(() => undefined);
      if (response?.status === 201) return void orders.set(key, response.body.orderId);
      if (response !== undefined && !isRepeatable(response)) return void unexpected.push([key, response]);
      await sleep(RETRY_AFTER_MS);
    }
  }
  /** The problem says when to send the request again. */
  const isRepeatable = ({ status, headers }: Awaited<ReturnType<typeof post>>) =>
    status === 503 && Number(headers.get('retry-after')) > 0;

  /** Places orders, `CLIENTS` at a time, while `act` runs. */
  async function placeDuring(name: string, act: () => Promise<void>): Promise<void> {
    let goesOn = true;
    const client = async (of: number) => {
      for (let n = 0; goesOn; n++) await place(`${name}-${of}-${n}`);
    };
    const clients = Promise.all(Array.from({ length: CLIENTS }, (_, of) => client(of)));
    await place(`${name}-before`);
    await act();
    await place(`${name}-after`);
    goesOn = false;
    await clients;
  }

  it.each([
    ['the command API is stopped and starts again', () => writeSide, 'stop'],
    ['the command API is killed and starts again', () => writeSide, 'kill'],
    ['the gateway is stopped and starts again', () => gateway, 'stop'],
    ['the gateway is killed and starts again', () => gateway, 'kill'],
  ] as const)('lose no order when %s', async (name, target, how) => {
    await placeDuring(name.replaceAll(' ', '-'), async () => {
      await target()[how]();
      target().start();
      await target().ready();
    });
    expect(unexpected).toEqual([]);
  });

  it('have one order for each key', async () => {
    const log = EventStoreDBClient.connectionString(String(system.env.EVENTSTORE_URL));
    const placed: string[] = [];
    for await (const { event } of log.readAll())
      if (event?.type === 'OrderPlaced') placed.push(event.streamId.replace('order-', ''));
    await log.dispose();
    expect(placed.sort()).toEqual([...orders.values()].sort());
    expect(new Set(placed).size).toBe(orders.size);
  });
});
