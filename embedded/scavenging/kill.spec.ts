import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import Database from 'libsql';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startChildNode } from '../testing/child-node.ts';
import { killHard } from '../testing/kill-hard.ts';

const KILLS = Number(process.env.KILLS ?? 6);
const MAX_MS_PER_KILL = 20_000;
const WRITERS = 4;
const STATE = 'x'.repeat(20_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'scavenge-kill-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Acknowledged appends: the last revision of each stream, and the number of events sent. */
interface Acknowledged {
  readonly orders: Map<string, bigint>;
  readonly snapshots: Map<string, bigint>;
}

/** Appends to orders (all events kept) and snapshots (last event kept) and scavenges, until the node is killed. */
async function runUntilKilled(acknowledged: Acknowledged, round: number): Promise<void> {
  const { child, connectionString } = await startChildNode('--data', folder);
  const client = EventStoreDBClient.connectionString(connectionString);
  const address = connectionString.replace(/^esdb:(.*)\?.*$/, 'http:$1');
  let isOver = false;
  let scavenges = 0;
  const append = async (to: Map<string, bigint>, stream: string, data: { state: string }) => {
    const { nextExpectedRevision } = await client.appendToStream(stream, jsonEvent({ type: 'E', data }));
    to.set(stream, nextExpectedRevision);
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

async function check(acknowledged: Acknowledged): Promise<void> {
  const { child, connectionString } = await startChildNode('--data', folder);
  const client = EventStoreDBClient.connectionString(connectionString);
  const revisions = async (stream: string) => {
    const found: bigint[] = [];
    for await (const { event } of client.readStream(stream)) found.push(event?.revision ?? -1n);
    return found;
  };
  for (const [stream, last] of acknowledged.orders) {
    const found = await revisions(stream);
    expect(found).toEqual(found.map((_, revision) => BigInt(revision)));
    expect(found.length).toBeGreaterThan(Number(last));
  }
  for (const [stream, last] of acknowledged.snapshots) {
    const [only, ...others] = await revisions(stream);
    expect([only !== undefined && only >= last, others]).toEqual([true, []]);
  }
  await client.dispose();
  await killHard(child);
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
