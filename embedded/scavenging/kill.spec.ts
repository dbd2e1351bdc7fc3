import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import Database from 'libsql';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openEventLog } from '../storage/sqlite-log.ts';
import { startChildNode } from '../testing/child-node.ts';
import { killHard } from '../testing/kill-hard.ts';

const KILLS = Number(process.env.KILLS ?? 6);
const MAX_MS_PER_KILL = 60_000;
const WRITERS = 4;
const STATE = 'x'.repeat(20_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'scavenge-kill-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The last acknowledged revision of each stream. */
interface Acknowledged {
  readonly orders: Map<string, number>;
  readonly snapshots: Map<string, number>;
}

/** Appends to orders (all events kept) and snapshots (last event kept) and scavenges, until the node is killed. */
async function runUntilKilled(acknowledged: Acknowledged, round: number): Promise<void> {
  const { child, connectionString } = await startChildNode('--data', folder);
  const client = EventStoreDBClient.connectionString(connectionString);
  const address = connectionString.replace(/^esdb:(.*)\?.*$/, 'http:$1');
  let isOver = false;
  let scavenges = 0;
  const append = async (to: Map<string, number>, stream: string, data: { state: string }) => {
    const { nextExpectedRevision } = await client.appendToStream(stream, jsonEvent({ type: 'E', data }));
    to.set(stream, Number(nextExpectedRevision));
  };
  const write = async (writer: number) => {
    await client.setStreamMetadata(`snapshot-${writer}`, { maxCount: 1 });
    while (!isOver) {
      await append(acknowledged.snapshots, `snapshot-${writer}`, { state: STATE });
      await append(acknowledged.orders, `order-${round}-${writer}`, { state: '' });
    }
  };
  const scavenge = async () => {
    while (!isOver) {
      const { ok } = await fetch(`${address}/admin/scavenge`, { method: 'POST' });
      if (ok) scavenges += 1;
      // Kill at a random moment of the second or a later scavenge.
      if (scavenges > 1 + (round % 3)) setTimeout(() => void killHard(child), Math.random() * 30);
    }
  };
  const work = [...Array.from({ length: WRITERS }, (_, writer) => write(writer)), scavenge()];
  await Promise.race(work.map((one) => one.catch(() => {})));
  isOver = true;
  await killHard(child);
  await client.dispose();
  await Promise.allSettled(work);
}

/** Checks the log of the killed node against its acknowledged appends. */
async function check({ orders, snapshots }: Acknowledged): Promise<void> {
  const log = openEventLog({ dataDir: folder });
  const revisions = (stream: string) =>
    log.readStreamForwards(stream, 0, Number.MAX_SAFE_INTEGER).events.map(({ revision }) => revision);
  for (const [stream, last] of orders) {
    const found = revisions(stream);
    expect(found).toEqual(found.map((_, revision) => revision));
    expect(found.length).toBeGreaterThan(last);
  }
  for (const [stream, last] of snapshots) {
    const [only, ...others] = revisions(stream);
    expect([only !== undefined && only >= last, others]).toEqual([true, []]);
  }
  await log.close();
}

it(
  `keeps all acknowledged events that a scavenge may not remove, when it is killed ${KILLS} times during scavenges`,
  async () => {
    const acknowledged: Acknowledged = { orders: new Map(), snapshots: new Map() };
    for (let round = 0; round < KILLS; round++) {
      await runUntilKilled(acknowledged, round);
      await check(acknowledged);
    }
    expect(acknowledged.snapshots.size).toBe(WRITERS);

    const database = new Database(path.join(folder, 'events.db'));
    const integrity = database.prepare<unknown[]>('PRAGMA integrity_check').raw().all([]);
    const scavenged = database.prepare<unknown[]>('SELECT count(*) FROM scavenged').raw().get([]) as [number];
    database.close();
    expect(integrity).toEqual([['ok']]);
    expect(scavenged[0]).toBeGreaterThan(0);
  },
  KILLS * MAX_MS_PER_KILL,
);
