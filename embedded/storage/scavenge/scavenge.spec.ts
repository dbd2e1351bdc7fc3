import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newEvent } from '../../testing/new-event.ts';
import type { EventLog } from '../log.ts';
import { openEventLog } from '../sqlite-log.ts';

let folder: string;
let log: EventLog;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'scavenge-'));
  log = openEventLog({ dataDir: folder });
});
afterEach(async () => {
  vi.useRealTimers();
  await log.close();
  rmSync(folder, { recursive: true, force: true });
});

const append = (stream: string, ...types: string[]) =>
  log.append(
    stream,
    types.map((type) => newEvent(type)),
    'any',
  );
const describeStream = (stream: string, metadata: object) =>
  log.append(
    `$$${stream}`,
    [newEvent('$metadata', { id: crypto.randomUUID(), data: Buffer.from(JSON.stringify(metadata)) })],
    'any',
  );
const scavenge = () => {
  const pass = log.scavenge();
  while (pass.step());
  return pass.removed;
};
const all = () => log.readAllForwards(0, 10_000).events.map(({ stream, type }) => `${stream} ${type}`);
const reopen = async () => {
  await log.close();
  log = openEventLog({ dataDir: folder });
};

describe('a scavenge', () => {
  it('removes events beyond $maxCount and superseded metadata', async () => {
    await append('a', 'A', 'B', 'C');
    await describeStream('a', { $maxCount: 5 });
    await describeStream('a', { $maxCount: 2 });

    expect(scavenge().events).toBe(2);
    expect(all()).toEqual(['$$$scavenges $metadata', 'a B', 'a C', '$$a $metadata']);
  });

  it('removes events below $tb, but never the last event of a stream', async () => {
    await append('a', 'A', 'B', 'C');
    await describeStream('a', { $tb: 9 });

    scavenge();
    expect(all()).toEqual(['$$$scavenges $metadata', 'a C', '$$a $metadata']);
    expect(await append('a', 'D')).toMatchObject({ status: 'written', revision: 3 });
  });

  it('removes events older than $maxAge', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2100, 0) });
    await append('a', 'A');
    vi.setSystemTime(Date.now() + 60_000);
    await append('a', 'B', 'C');
    await describeStream('a', { $maxAge: 60 });

    vi.setSystemTime(Date.now() + 1_000);
    scavenge();
    expect(all()).toEqual(['$$$scavenges $metadata', 'a B', 'a C', '$$a $metadata']);
  });

  it('removes all but the last event of a deleted stream, and all but the tombstone of a tombstoned one', async () => {
    await append('soft', 'A', 'B');
    await append('hard', 'A', 'B');
    await log.softDelete('soft', 'any');
    await log.tombstone('hard', 'any');

    scavenge();
    expect(all()).toEqual(['$$$scavenges $metadata', 'soft B', '$$soft $metadata', 'hard $streamDeleted']);
    expect(log.readStreamForwards('soft', 0, 10).status).toBe('missing');
    expect(await append('soft', 'C')).toMatchObject({ status: 'written', revision: 2 });
    expect(log.readStreamForwards('soft', 0, 10).events.map(({ revision }) => revision)).toEqual([2]);
  });

  it('removes no event within the limits of its stream', async () => {
    await append('a', 'A', 'B');
    await describeStream('a', { $maxCount: 2 });

    expect(scavenge()).toEqual({ events: 0, bytes: 0 });
  });
});

describe('the file after a scavenge', () => {
  const MIB = 1024 * 1024;
  const size = () => statSync(path.join(folder, 'events.db')).size;
  const snapshots = async (count: number) => {
    await describeStream('snapshot', { $maxCount: 1 });
    for (let number = 0; number < count; number++) {
      const data = Buffer.from(JSON.stringify({ number, state: 'x'.repeat(100_000) }));
      await log.append('snapshot', [newEvent(`S${number}`, { data })], 'any');
      await log.append(`order-${number}`, [newEvent(`O${number}`)], 'any');
    }
  };

  it('is smaller by the removed bytes', async () => {
    await snapshots(200);
    const pass = log.scavenge();
    while (pass.step());

    expect(pass.removed.events).toBe(199);
    expect(pass.removed.bytes).toBeGreaterThan(19 * MIB);
    expect(size()).toBeLessThan(MIB);
    expect(log.readStreamForwards('snapshot', 0, 10).events.map(({ type }) => type)).toEqual(['S199']);
  });

  it('is smaller even if an earlier version created it', async () => {
    await log.close();
    rmSync(path.join(folder, 'events.db'));
    rmSync(path.join(folder, 'events.acknowledged'));
    const older = openEventLog({ dataDir: folder });
    await older.close();
    const database = new Database(path.join(folder, 'events.db'));
    database.exec('DROP TABLE scavenged; PRAGMA auto_vacuum = NONE; VACUUM');
    database.close();
    log = openEventLog({ dataDir: folder });
    await snapshots(50);

    expect(scavenge().bytes).toBeGreaterThan(4 * MIB);
    expect(size()).toBeLessThan(MIB);
  });

  it('has no write-ahead log after a clean stop', async () => {
    await snapshots(20);
    scavenge();
    await log.close();

    expect(() => statSync(path.join(folder, 'events.db-wal'))).toThrow('ENOENT');
  });

  it('was scavenged in steps of at most 1 MiB', async () => {
    await snapshots(30);
    const pass = log.scavenge();
    let largest = 0;
    for (let before = 0; pass.step(); before = pass.removed.events)
      largest = Math.max(largest, pass.removed.events - before);

    // One MiB per step, and each snapshot has 100 kB.
    expect(largest).toBe(11);
  });
});

describe('a duplicate append', () => {
  const events = [newEvent('A'), newEvent('B')];

  it('is recognised after its events were scavenged, also after a restart', async () => {
    await log.append('a', events, 'no_stream');
    await append('a', 'C', 'D');
    await describeStream('a', { $maxCount: 1 });
    scavenge();

    const repeated = { status: 'repeated', revision: 1, position: undefined };
    for (const _ of ['before', 'after']) {
      expect(await log.append('a', events, 'any')).toEqual(repeated);
      expect(await log.append('a', events, 'no_stream')).toEqual(repeated);
      expect(await log.append('a', [newEvent('B')], 0)).toEqual(repeated);
      expect(await log.append('a', [newEvent('X')], 0)).toEqual({ status: 'wrong-revision', current: 3 });
      await reopen();
    }
  });
});

describe('hasPosition', () => {
  it('accepts the position of a scavenged event, but none between existing events', async () => {
    await append('a', 'A', 'B');
    const [, scavenged] = log.readAllForwards(0, 10).events;
    await append('b', 'C');
    await describeStream('a', { $maxCount: 1 });
    const last = log.lastPosition();
    scavenge();

    for (const _ of ['before', 'after']) {
      expect(log.hasPosition(scavenged?.position ?? 0)).toBe(true);
      expect(log.hasPosition(last)).toBe(true);
      expect(log.hasPosition(last - 1)).toBe(false);
      expect(log.lastPosition()).toBe(last);
      await reopen();
    }
  });
});
