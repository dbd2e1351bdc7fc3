import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jsonEvent } from '@eventstore/db-client';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faultsIn } from '../../embedded/testing/acknowledged-appends.ts';
import { printJson } from '../support/print-json.ts';
import { createRandomChoices } from '../support/random-choices.ts';
import { KILLS, killRepeatedly } from './harness/kill-repeatedly.ts';
import { AppendWriters } from './harness/load/append-writers.ts';
import { EmbeddedNodeProcess } from './harness/processes/embedded-node-process.ts';
import { UnexpectedExits } from './harness/processes/unexpected-exits.ts';

const MAX_MS_PER_KILL = 20_000;

describe('an embedded node that is killed', () => {
  let folder: string;
  let unexpectedExits: UnexpectedExits;
  let node: EmbeddedNodeProcess;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'embedded-kill-'));
    unexpectedExits = new UnexpectedExits();
    node = new EmbeddedNodeProcess(folder, unexpectedExits.onUnexpectedExit);
  });
  afterEach(async () => {
    await node.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    `has each acknowledged append once, complete and in order, after each of ${KILLS} kills at random times`,
    async () => {
      const random = createRandomChoices('embedded node');
      const writers = new AppendWriters(node, random('writers'));
      // A few milliseconds after the load began, so that some kills come between request, disk write and response.
      const target = { process: node, kills: KILLS, untilWorking: () => writers.write(), withinMs: 5 };
      await unexpectedExits.while(killRepeatedly([target], random));

      const sent = await writers.sent();
      expect(await node.withClient((client) => faultsIn(client, sent))).toEqual([]);
      const acknowledged = sent.filter(({ revision }) => revision !== undefined).length;
      expect(acknowledged).toBeGreaterThanOrEqual(KILLS);
      const { kills } = node;
      expect(kills).toBeGreaterThanOrEqual(KILLS);
      printJson({ test: 'embedded node', kills, appends: sent.length, acknowledged });

      await node.kill();
      const database = new Database(path.join(folder, 'events.db'));
      const [integrity] = database.prepare<unknown[]>('PRAGMA integrity_check').raw().all([]);
      database.close();
      expect(integrity).toEqual(['ok']);
    },
    KILLS * MAX_MS_PER_KILL,
  );

  it('has every append that it acknowledged to the official client under load', async () => {
    const acknowledged = new Map<string, bigint>();
    node.start();
    await unexpectedExits.while(node.ready());
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
    await unexpectedExits.while(node.ready());
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
