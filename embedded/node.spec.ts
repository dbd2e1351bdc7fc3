import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  EventStoreDBClient,
  jsonEvent,
  persistentSubscriptionToStreamSettingsFromDefaults,
  streamNameFilter,
} from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PortUnavailable } from './network/port-unavailable.ts';
import { type EmbeddedNode, startEmbeddedNode } from './node.ts';
import { rawCall, rawConnection, statusOf } from './testing/raw-grpc.ts';

/** The status of the real server for a malformed request. */
const UNKNOWN = 2;

const get = (port: number, path: string, headers: Record<string, string> = {}) =>
  new Promise<number | undefined>((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    call.on('error', reject).end();
  });

describe('an embedded node in memory', () => {
  let node: EmbeddedNode;
  let client: EventStoreDBClient;

  beforeEach(async () => {
    node = await startEmbeddedNode({ memory: true, port: 0 });
    client = EventStoreDBClient.connectionString(node.connectionString);
  });
  afterEach(async () => {
    await client.dispose();
    await node.stop();
  });

  it('sends existing and new events to a subscription, in order and once', async () => {
    const append = (type: string) => client.appendToStream('order-1', jsonEvent({ type, data: {} }));
    await append('A');
    const filter = streamNameFilter({ prefixes: ['order-'] });
    const subscription = client.subscribeToAll({ filter });
    const seen: string[] = [];
    const appended = new Promise((resolve) => {
      subscription.once('caughtUp', () => resolve(Promise.all(['B', 'C'].map(append))));
    });
    for await (const { event } of subscription) {
      seen.push(event?.type ?? 'nothing');
      if (seen.length === 3) break;
    }

    await appended;
    expect(seen).toEqual(['A', 'B', 'C']);
  });

  it('sends all events to a subscriber that reads slowly', async () => {
    const subscription = client.subscribeToStream('big', { fromRevision: 'start' });
    await new Promise((resolve) => subscription.once('caughtUp', resolve));
    await client.appendToStream('big', jsonEvent({ type: 'First', data: {} }));
    subscription.pause();
    const data = { filler: 'x'.repeat(100_000) };
    for (let batch = 0; batch < 12; batch++) {
      await client.appendToStream(
        'big',
        Array.from({ length: 10 }, () => jsonEvent({ type: 'Big', data })),
      );
    }

    let last = -1n;
    for await (const { event } of subscription) {
      if (event === undefined) continue;
      expect(event.revision).toBe(last + 1n);
      last = event.revision;
      if (last === 120n) break;
    }
    expect(last).toBe(120n);
  });

  it('rejects HTTP requests with a foreign Host or Origin header', async () => {
    expect(await get(node.port, '/health/live')).toBe(204);
    expect(await get(node.port, '/health/live', { host: 'evil.example' })).toBe(403);
    expect(await get(node.port, '/info', { origin: 'http://evil.example' })).toBe(403);
    expect(await get(node.port, '/info', { origin: `http://localhost:${node.port}` })).toBe(200);
  });

  it('lists persistent subscriptions at GET /subscriptions', async () => {
    await client.createPersistentSubscriptionToStream(
      'order-1',
      'billing',
      persistentSubscriptionToStreamSettingsFromDefaults(),
    );
    const response = await fetch(`http://127.0.0.1:${node.port}/subscriptions`);

    expect(await response.json()).toMatchObject([
      { eventStreamId: 'order-1', groupName: 'billing', status: 'Live', connectionCount: 0 },
    ]);
  });

  it('rejects a consumer that ends its half of the call before it names a group', async () => {
    const { session, disconnect } = await rawConnection(node.port);
    const call = rawCall(
      session,
      '/event_store.client.persistent_subscriptions.PersistentSubscriptions/Read',
    );
    expect(await statusOf(call.end())).toBe(UNKNOWN);
    disconnect();
  });

  it('fails to start with one sentence when another program uses the port', async () => {
    await expect(startEmbeddedNode({ memory: true, port: node.port })).rejects.toThrow(
      new PortUnavailable('127.0.0.1', node.port, 'another program uses this port.'),
    );
  });

  it('fails to start on an address other than loopback', async () => {
    await expect(startEmbeddedNode({ memory: true, port: 0, host: '0.0.0.0' })).rejects.toThrow(
      PortUnavailable,
    );
  });

  it('rejects calls of projections with a sentence', async () => {
    await expect(client.listProjections()).rejects.toThrow('The embedded node has no projections.');
  });
});

describe('an embedded node in a folder', () => {
  it('returns the same events after a restart', async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'embedded-node-'));
    const first = await startEmbeddedNode({ dataDir, port: 0 });
    const writer = EventStoreDBClient.connectionString(first.connectionString);
    await writer.appendToStream('order-1', jsonEvent({ type: 'A', data: { n: 1 } }));
    await writer.dispose();
    await first.stop();

    const second = await startEmbeddedNode({ dataDir, port: 0 });
    const reader = EventStoreDBClient.connectionString(second.connectionString);
    const seen: unknown[] = [];
    for await (const { event } of reader.readStream('order-1')) seen.push(event?.data);
    await reader.dispose();
    await second.stop();
    rmSync(dataDir, { recursive: true, force: true });

    expect(seen).toEqual([{ n: 1 }]);
  });
});
