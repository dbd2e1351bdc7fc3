import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jsonEvent } from '@eventstore/db-client';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faultsIn } from '../../embedded/testing/acknowledged-appends.ts';
import { say } from '../support/print-json.ts';
import { momentsOfLeg } from '../support/random-choices.ts';
import { KILLS, kill } from './harness/kill-repeatedly.ts';
import { Writers } from './harness/load/append-writers.ts';
import { NodeProcess } from './harness/processes/embedded-node-process.ts';
import { Strays } from './harness/processes/unexpected-exits.ts';

const EACH_TAKES_AT_MOST_MS = 20_000;

describe('the embedded node', () => {
  let folder: string;
  let strays: Strays;
  let node: NodeProcess;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'embedded-kill-'));
    strays = new Strays();
    node = new NodeProcess(folder, strays.onStray);
  });
  afterEach(async () => {
    await node.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    `killed at any moment: has all that it acknowledged, once, whole and in order, after each of ${KILLS} kills`,
    async () => {
      const moments = momentsOfLeg('embedded node');
      const writers = new Writers(node, moments('writers'));
      // Within a few milliseconds: between arrival and answer, while the disk is written, wherever it happens to be.
      const victim = { process: node, kills: KILLS, atWork: () => writers.write(), withinMs: 5 };
      await strays.while(kill([victim], moments));

      const sent = await writers.sent();
      expect(await node.withClient((client) => faultsIn(client, sent))).toEqual([]);
      const acknowledged = sent.filter(({ revision }) => revision !== undefined).length;
      expect(acknowledged).toBeGreaterThanOrEqual(KILLS);
      const { kills } = node;
      expect(kills).toBeGreaterThanOrEqual(KILLS);
      say({ leg: 'embedded node', kills, appends: sent.length, acknowledged });

      await node.kill();
      const database = new Database(path.join(folder, 'events.db'));
      const [said] = database.prepare<unknown[]>('PRAGMA integrity_check').raw().all([]);
      database.close();
      expect(said).toEqual(['ok']);
    },
    KILLS * EACH_TAKES_AT_MOST_MS,
  );

  it('killed under load: has all that it acknowledged to the official client', async () => {
    const acknowledged = new Map<string, bigint>();
    node.start();
    await strays.while(node.ready());
    await node.withClient(async (client) => {
      let killed: Promise<void> | undefined;
      const write = async (writer: number) => {
        for (let i = 0; killed === undefined; i++) {
          const event = jsonEvent({ type: `${writer}/${i}`, data: { i } });
          const { nextExpectedRevision } = await client.appendToStream(`stream-${writer}`, event);
          acknowledged.set(`stream-${writer} ${event.type}`, nextExpectedRevision);
          if (acknowledged.size === 2000) killed = node.kill();
        }
      };
      await Promise.allSettled(Array.from({ length: 32 }, (_, writer) => write(writer)));
      await killed;
    });

    node.start();
    await strays.while(node.ready());
    const stored = new Map<string, bigint>();
    await node.withClient(async (client) => {
      for await (const { event } of client.readAll())
        if (event) stored.set(`${event.streamId} ${event.type}`, event.revision);
    });
    const lost = [...acknowledged].filter(([name, revision]) => stored.get(name) !== revision);
    expect(acknowledged.size).toBeGreaterThanOrEqual(2000);
    expect(lost).toEqual([]);
  });
});
