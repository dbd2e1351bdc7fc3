import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { levels } from '../domain/inventory/state.ts';
import { type EmbeddedNode, startEmbeddedNode } from '../embedded/node.ts';
import { catalogue } from '../event-catalogue/catalogue.ts';
import { connectEventStore, type EventStoreConnection } from '../event-store/connect.ts';
import { collect } from '../event-store/testing/collect.ts';
import { createCommandHandler } from './create-command-handler.ts';
import { KeyedCommands } from './idempotency/keyed-commands.ts';
import type { Intent } from './idempotency/request-record.ts';
import { receive, reserve } from './testing/sample-commands.ts';

let node: EmbeddedNode;
let stores: readonly [EventStoreConnection, EventStoreConnection];

beforeAll(async () => {
  node = await startEmbeddedNode({ memory: true, port: 0 });
  const connect = () => connectEventStore({ catalogue, url: node.connectionString });
  stores = [connect(), connect()];
});
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await node.stop();
});

const handlers = () => stores.map((store) => createCommandHandler({ store }));
const commandsOf = async (stream: string) =>
  (await collect(stores[0].read(stream))).map(({ metadata }) => metadata.commandId);

describe('two processes on one event store', () => {
  it('append each command to a busy stream exactly once', async () => {
    const stream = 'inventory-hot';

    await Promise.all(
      handlers().flatMap((handler, process) =>
        Array.from({ length: 200 }, (_, index) =>
          handler.handle(receive(1, `${process}-${index}`, { stream })),
        ),
      ),
    );

    const ids = await commandsOf(stream);
    expect(ids).toHaveLength(400);
    expect(new Set(ids).size).toBe(400);
  });

  it('never oversell a product that both reserve', async () => {
    const stream = 'inventory-scarce';
    const [one, two] = handlers();
    await one?.handle(receive(50, 'opening', { stream }));

    const results = await Promise.all(
      [one, two].flatMap((handler, process) =>
        Array.from({ length: 40 }, (_, index) =>
          handler?.handle(reserve(`order-${process}-${index}`, 1, `${process}-${index}`, { stream })),
        ),
      ),
    );

    const reserved = results.filter((result) => result?.events[0]?.type === 'StockReserved');
    expect(reserved).toHaveLength(50);
    const last = results.find((result) => result?.revision === 80n);
    expect(last && levels(last.state)).toMatchObject({ onHand: 50, reserved: 50, available: 0 });
  });

  it('run a keyed request once that is sent to both repeatedly', async () => {
    const target = 'inventory-keyed';
    const request = {
      scope: { sub: 'olivia', method: 'POST', path: '/receipts' },
      key: 'k1',
      fingerprint: 'one',
      target,
    };
    const senders = stores.map((store) => {
      const handler = createCommandHandler({ store });
      const keyed = new KeyedCommands(store);
      const run = async ({ commandId, lookFrom }: Intent) => {
        const { revision } = await handler.handle(receive(10, commandId, { stream: target, lookFrom }));
        return { revision: String(revision) };
      };
      return () => keyed.once(request, run);
    });

    const results = await Promise.all(senders.flatMap((send) => [send(), send(), send()]));
    results.push(...(await Promise.all(senders.map((send) => send()))));

    expect(new Set(results.map(({ revision }) => revision))).toEqual(new Set(['0']));
    expect(await commandsOf(target)).toHaveLength(1);
  });
});
