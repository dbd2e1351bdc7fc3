import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendUntilGone, faultsIn, type SentAppend } from './testing/acknowledged.ts';
import { BatchClient } from './testing/batch-client.ts';
import { killHard, spawnNode, startChildNode } from './testing/child-node.ts';
import { killSeed, momentsOf } from './testing/moments.ts';

/** `npm run test:kill` asks for more. */
const KILLS = Number(process.env.KILLS ?? 4);
const WRITERS = 24;
const MOST_ACKNOWLEDGED = 300;
const EACH_TAKES_AT_MOST_MS = 20_000;
/** Some are killed while they start, before they answer anybody. */
const EVERY_SO_MANY_WHILE_STARTING = 5;
const STARTING_MS = 600;

const seed = killSeed();
const { below } = momentsOf(seed, 'embedded node');

describe('a node that is killed at any moment', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'embedded-kill-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Looks first at what the rounds before left behind. */
  async function killUnderLoad(round: number, before: readonly SentAppend[]): Promise<SentAppend[]> {
    const { child, connectionString } = await startChildNode('--data', folder);
    const client = EventStoreDBClient.connectionString(connectionString);
    expect(await faultsIn(client, before), `before round ${round}`).toEqual([]);
    await client.dispose();
    const writer = new BatchClient(connectionString.slice('esdb://'.length).replace('?tls=false', ''));
    const killAt = 1 + below(MOST_ACKNOWLEDGED);
    let killed: Promise<void> | undefined;
    const sent = await appendUntilGone(writer, round, WRITERS, (count) => {
      // A few milliseconds later: between arrival and answer, while the disk is written, wherever it happens to be.
      if (count === killAt) killed = wait(below(5)).then(() => killHard(child));
    });
    await killed;
    writer.close();
    return sent;
  }

  async function killWhileStarting(): Promise<void> {
    const child = spawnNode('--port', '0', '--data', folder);
    await wait(below(STARTING_MS));
    await killHard(child);
  }

  it(
    `has all that it acknowledged, once, whole and in order, after each of ${KILLS} kills`,
    async () => {
      process.stdout.write(`${JSON.stringify({ leg: 'embedded node', KILL_SEED: seed })}\n`);
      const all: SentAppend[] = [];
      let last: readonly SentAppend[] = [];
      for (let round = 0; round < KILLS; round++) {
        if (round % EVERY_SO_MANY_WHILE_STARTING === 0) await killWhileStarting();
        const sent = await killUnderLoad(round, last);
        all.push(...sent);
        last = sent;
      }
      const { child, connectionString } = await startChildNode('--data', folder);
      const client = EventStoreDBClient.connectionString(connectionString);
      const faults = await faultsIn(client, all);
      await client.dispose();
      await killHard(child);
      expect(faults).toEqual([]);
      expect(all.filter(({ revision }) => revision !== undefined).length).toBeGreaterThanOrEqual(KILLS);

      const database = new Database(path.join(folder, 'events.db'));
      const [said] = database.prepare<unknown[]>('PRAGMA integrity_check').raw().all([]);
      database.close();
      expect(said).toEqual(['ok']);
    },
    KILLS * EACH_TAKES_AT_MOST_MS,
  );
});
