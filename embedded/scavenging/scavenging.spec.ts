import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  EventStoreDBClient,
  jsonEvent,
  persistentSubscriptionToAllSettingsFromDefaults,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { afterEach, assert, beforeEach, describe, expect, it, vi } from 'vitest';
import { type EmbeddedNode, startEmbeddedNode } from '../node.ts';
import type { StoredEvent } from '../storage/event.ts';
import { openEventLog } from '../storage/sqlite-log.ts';
import { newEvent } from '../testing/new-event.ts';
import { Scavenges } from './scavenges.ts';

let folder: string;
let node: EmbeddedNode;
let client: EventStoreDBClient;

const start = async () => {
  node = await startEmbeddedNode({ dataDir: folder, port: 0 });
  client = EventStoreDBClient.connectionString(node.connectionString);
};
const stop = async () => {
  await client.dispose();
  await node.stop();
};
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'scavenging-'));
  await start();
});
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

const append = (stream: string, ...types: string[]) =>
  client.appendToStream(
    stream,
    types.map((type) => jsonEvent({ type, data: { type } })),
  );
const call = async (method: string, place: string, accept = '*/*') => {
  const answer = await fetch(`http://127.0.0.1:${node.port}${place}`, { method, headers: { accept } });
  return { status: answer.status, body: await answer.text() };
};
const last = async () => JSON.parse((await call('GET', '/admin/scavenge/last', 'application/json')).body);
const scavenge = async (): Promise<string> => {
  const { scavengeId } = JSON.parse((await call('POST', '/admin/scavenge', 'application/json')).body);
  await vi.waitFor(
    async () => expect(await last()).toMatchObject({ scavengeId, scavengeResult: 'Success' }),
    10_000,
  );
  return scavengeId;
};
const typesOf = async (events: AsyncIterable<{ event?: { type: string } | undefined }>, count = Infinity) => {
  const types: (string | undefined)[] = [];
  for await (const { event } of events) {
    if (event?.type.startsWith('$') !== true) types.push(event?.type);
    if (types.length === count) break;
  }
  return types;
};
/** Appends six events, of which a scavenge removes three, and one after them. */
const fill = async () => {
  const a = await append('a', 'A0', 'A1', 'A2', 'A3', 'A4', 'A5');
  await client.setStreamMetadata('a', { maxCount: 3 });
  const b = await append('b', 'B0');
  return { a, b };
};
const filter = streamNameFilter({ prefixes: ['a', 'b'] });

describe('after a scavenge', () => {
  it('streams read the same, and $all lacks the removed events, also after a restart', async () => {
    await fill();
    await scavenge();
    for (const _ of ['before', 'after']) {
      expect(await typesOf(client.readStream('a'))).toEqual(['A3', 'A4', 'A5']);
      expect(await typesOf(client.readStream('a', { fromRevision: 1n }))).toEqual(['A3', 'A4', 'A5']);
      expect(await typesOf(client.readStream('a', { direction: 'backwards', fromRevision: 'end' }))).toEqual([
        'A5',
        'A4',
        'A3',
      ]);
      expect(await typesOf(client.readAll())).toEqual(['A3', 'A4', 'A5', 'B0']);
      await stop();
      await start();
    }
    expect((await append('a', 'A6')).nextExpectedRevision).toBe(6n);
  });

  it('reads of and subscriptions to $all continue from the position of a removed event', async () => {
    const { a } = await fill();
    await client.setStreamMetadata('a', { maxCount: 1 });
    await append('a', 'A6');
    const position = a.position ?? assert.fail('no position');
    await scavenge();

    expect(await typesOf(client.readAll({ fromPosition: position }))).toEqual(['B0', 'A6']);
    expect(await typesOf(client.readAll({ fromPosition: position, direction: 'backwards' }))).toEqual([]);
    expect(await typesOf(client.subscribeToAll({ fromPosition: position, filter }), 2)).toEqual(['B0', 'A6']);
  });

  it('a subscription to a stream continues from a removed revision', async () => {
    await fill();
    await scavenge();

    expect(await typesOf(client.subscribeToStream('a', { fromRevision: 0n }), 3)).toEqual(['A3', 'A4', 'A5']);
  });

  it('groups whose position was removed continue with the next existing event', async () => {
    const { a } = await fill();
    const ofStream = persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START });
    const startFrom = { commit: a.position?.commit ?? 0n, prepare: a.position?.prepare ?? 0n };
    await client.createPersistentSubscriptionToStream('a', 'group', ofStream);
    const ofAll = persistentSubscriptionToAllSettingsFromDefaults({ startFrom });
    await client.createPersistentSubscriptionToAll('group', ofAll, { filter });
    await client.setStreamMetadata('a', { maxCount: 1 });
    await append('a', 'A6');
    await scavenge();
    await stop();
    await start();

    const ofTheStream = client.subscribeToPersistentSubscriptionToStream('a', 'group');
    const ofTheLog = client.subscribeToPersistentSubscriptionToAll('group');
    expect(await typesOf(ofTheStream, 1)).toEqual(['A6']);
    expect(await typesOf(ofTheLog, 2)).toEqual(['B0', 'A6']);
  });

  it('a repeated append writes nothing although its events were removed', async () => {
    const first = [jsonEvent({ type: 'C0', data: {} }), jsonEvent({ type: 'C1', data: {} })];
    await client.appendToStream('c', first);
    await append('c', 'C2');
    await client.setStreamMetadata('c', { maxCount: 1 });
    await scavenge();

    await client.appendToStream('c', first);
    await client.appendToStream('c', first, { expectedRevision: 'no_stream' });
    expect(await typesOf(client.readStream('c'))).toEqual(['C2']);
  });
});

describe('over HTTP', () => {
  it('starts a scavenge, and shows it while it runs and afterwards', async () => {
    await fill();
    expect(await call('GET', '/admin/scavenge/current')).toEqual({
      status: 200,
      body: 'ScavengeId: , ScavengeLink: ',
    });
    const none = '00000000-0000-0000-0000-000000000000';
    expect(await call('GET', '/admin/scavenge/last')).toEqual({
      status: 200,
      body: `ScavengeId: ${none}, ScavengeLink: , ScavengeResult: Unknown`,
    });

    const [started, again, current, going] = await Promise.all([
      call('POST', '/admin/scavenge'),
      call('POST', '/admin/scavenge?threads=2&startFromChunk=1&threshold=-1&throttlePercent=50'),
      call('GET', '/admin/scavenge/current', 'application/json'),
      last(),
    ]);
    const scavengeId = started.body.replace('ScavengeId: ', '');
    expect(scavengeId).toMatch(/^[0-9a-f-]{36}$/);
    expect(started.status).toBe(200);
    expect(again).toEqual({ status: 400, body: 'Scavenge is already running' });
    const scavengeLink = `/admin/scavenge/${scavengeId}`;
    expect(JSON.parse(current.body)).toEqual({ scavengeId, scavengeLink });
    expect(going).toEqual({ scavengeId, scavengeLink, scavengeResult: 'InProgress' });
    await vi.waitFor(async () => expect((await last()).scavengeResult).toBe('Success'), 10_000);
  });

  it('stops a scavenge by its id, or as the current one', async () => {
    for (const name of ['current', undefined]) {
      const { scavengeId } = JSON.parse((await call('POST', '/admin/scavenge', 'application/json')).body);
      expect(await call('DELETE', `/admin/scavenge/${name ?? scavengeId}`)).toEqual({
        status: 200,
        body: `ScavengeId: ${scavengeId}`,
      });
      expect(await last()).toMatchObject({ scavengeId, scavengeResult: 'Stopped' });
    }
    expect(await call('DELETE', '/admin/scavenge/current')).toEqual({
      status: 404,
      body: 'Scavenge Id does not exist',
    });
  });

  it.each([
    ['POST', '/admin/scavenge?threads=0', 400, 'threads must be a 1 or above'],
    ['POST', '/admin/scavenge?threads=many', 400, 'threads must be a 1 or above'],
    ['POST', '/admin/scavenge?startFromChunk=-1', 400, 'startFromChunk must be a positive integer'],
    ['POST', '/admin/scavenge?threshold=high', 400, 'threshold must be an integer'],
    [
      'POST',
      '/admin/scavenge?throttlePercent=101',
      400,
      'throttlePercent must be between 1 and 100 inclusive',
    ],
    ['GET', '/admin/scavenge', 404, ''],
    ['PUT', '/admin/scavenge', 405, ''],
    ['POST', '/admin/scavenge/current', 405, ''],
    ['DELETE', '/admin/scavenge/00000000-0000-4000-8000-000000000000', 404, 'Scavenge Id does not exist'],
  ])('%s %s is %i', async (method, place, status, body) => {
    expect(await call(method, place)).toEqual({ status, body });
  });

  it('rejects a start by a page of another origin', async () => {
    const headers = { origin: 'http://example.com' };
    const answer = await fetch(`http://127.0.0.1:${node.port}/admin/scavenge`, { method: 'POST', headers });
    expect(answer.status).toBe(403);
    expect((await last()).scavengeResult).toBe('Unknown');
  });
});

describe('the record of a scavenge', () => {
  const recorded = async () => {
    const found: { type?: string | undefined; data?: unknown }[] = [];
    for await (const { event } of client.readStream('$scavenges', { resolveLinkTos: true }))
      found.push({ type: event?.type, data: event?.data });
    return found;
  };

  it('is a stream of its own, linked to from $scavenges', async () => {
    await fill();
    const scavengeId = await scavenge();
    const nodeEndpoint = `127.0.0.1:${node.port}`;

    await vi.waitFor(async () => expect(await recorded()).toHaveLength(2));
    expect(await recorded()).toEqual([
      { type: '$scavengeStarted', data: { scavengeId, nodeEndpoint } },
      {
        type: '$scavengeCompleted',
        data: {
          scavengeId,
          nodeEndpoint,
          result: 'Success',
          error: null,
          timeTaken: expect.stringMatching(/^00:00:\d\d\.\d{7}$/),
          spaceSaved: expect.any(Number),
        },
      },
    ]);
    expect(await client.getStreamMetadata(`$scavenges-${scavengeId}`)).toMatchObject({
      metadata: { maxAge: 2_592_000 },
    });
  });

  it('shows a scavenge that a restart ended as interrupted', async () => {
    const { scavengeId } = JSON.parse((await call('POST', '/admin/scavenge', 'application/json')).body);
    await client.dispose();
    await node.stop();
    await start();

    await vi.waitFor(async () =>
      expect((await recorded()).at(-1)).toMatchObject({
        type: '$scavengeCompleted',
        data: { scavengeId, result: 'Interrupted', error: 'The node was restarted.' },
      }),
    );
  });
});

describe('automatically', () => {
  const NEVER = Number.MAX_SAFE_INTEGER;

  it.each([
    ['when enough was appended', { growthBytes: 1, everyMs: NEVER, idleEveryMs: NEVER }],
    ['some time after anything was appended', { growthBytes: NEVER, everyMs: 1, idleEveryMs: NEVER }],
    ['now and then, for $maxAge', { growthBytes: NEVER, everyMs: NEVER, idleEveryMs: 1 }],
  ])('the node scavenges %s, without a record', async (_, due) => {
    const log = openEventLog({ memory: true });
    const onError = vi.fn();
    const scavenges = new Scavenges({
      log,
      nodeEndpoint: () => 'here',
      onError,
      schedule: { checkEveryMs: 5, ...due },
    });
    await log.append('a', [newEvent('A'), newEvent('B')], 'any');
    const metadata = newEvent('$metadata', { data: Buffer.from('{"$maxCount":1}') });
    await log.append('$$a', [metadata], 'any');
    scavenges.open();

    const types = (events: readonly StoredEvent[]) => events.map(({ type }) => type);
    await vi.waitFor(() =>
      expect(types(log.readAllForwards(0, 100).events)).toEqual(['$metadata', 'B', '$metadata']),
    );
    expect([scavenges.current, scavenges.last.result]).toEqual([undefined, 'Unknown']);
    await scavenges.close();
    await log.close();
    expect(onError).not.toHaveBeenCalled();
  });
});
