import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { defineEvent } from '../../domain/kernel/event.ts';
import { openEventLog } from '../../embedded/storage/sqlite-log.ts';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { connectEventStore } from '../../event-store/connect.ts';
import { freePort } from '../support/processes/free-port.ts';
import type { RunningProgram } from '../support/processes/launch-program.ts';
import { StartedSystems } from '../support/processes/started-systems.ts';
import { waitUntilServing } from '../support/processes/wait-until-serving.ts';
import { createShopClient } from '../support/shop.ts';
import { readyUrls } from '../support/system.ts';
import { waitForStatus } from '../support/wait-until.ts';

const systems = new StartedSystems();
afterEach(() => systems.end());

describe('roles in processes of their own', () => {
  it('can run twice on one machine, and continue when one process of each role is killed', async () => {
    const here = await systems.createEnvironment({ LOG_LEVEL: 'error' });
    const shop = createShopClient(here);
    await waitUntilServing(systems.start(here, 'eventstore'), readyUrls(here, ['eventstore']));
    const roles = ['projections', 'process-managers', 'write-side', 'read-api'];
    const firsts = roles.map((role) => systems.start(here, role));
    await waitUntilServing(firsts[3] as RunningProgram, readyUrls(here, roles));
    const second = { env: { ...here.env, COMMAND_PORT: '0', QUERY_PORT: '0' } };
    const seconds = roles.map((role) => systems.start(second, role));
    for (const one of seconds) await expect.poll(() => one.output()).toContain('Orderstream is running');
    await shop.createItem('mug', 5);
    await waitForStatus(here, await shop.placeOne('mug', 2), 'shipped');
    for (const one of firsts) await one.kill();
    const addressIn = ({ output }: RunningProgram) => /API\s+(http:\S+)/.exec(output())?.[1] ?? '';
    const [, , commands, queries] = seconds;
    const there = {
      ...here,
      commandUrl: addressIn(commands as RunningProgram),
      queryUrl: addressIn(queries as RunningProgram),
    };
    await waitForStatus(there, await createShopClient(there).placeOne('mug', 3), 'shipped');
    for (const one of seconds) {
      one.signal('SIGTERM');
      expect(await one.ended).toMatchObject({ code: 0, stderr: '' });
    }
  });
});

describe('roles that are started before their stores', () => {
  it('wait without being ready, log that once, and continue when the event store starts', async () => {
    const ports = {
      PROJECTIONS_PORT: String(await freePort()),
      PROCESS_MANAGERS_PORT: String(await freePort()),
    };
    const here = await systems.createEnvironment(ports);
    const roles = ['process-managers', 'projections', 'write-side'];
    const started = roles.map((role) => systems.start(here, role));
    const readyAt = [ports.PROCESS_MANAGERS_PORT, ports.PROJECTIONS_PORT]
      .map((port) => `http://127.0.0.1:${port}`)
      .concat(here.commandUrl)
      .map((url) => `${url}/health/ready`);
    for (const url of readyAt)
      await expect
        .poll(() =>
          fetch(url).then(
            ({ status }) => status,
            () => 0,
          ),
        )
        .toBe(503);
    const linesOf = ({ output }: RunningProgram) =>
      output()
        .split('\n')
        .filter((line) => line.includes('"warn"'));
    for (const role of started) await expect.poll(() => linesOf(role)).toHaveLength(1);
    systems.start(here, 'eventstore');
    await waitUntilServing(started[2] as RunningProgram, readyAt);
    for (const role of started) {
      expect(linesOf(role)).toEqual([
        expect.stringContaining(`waiting for the event store at ${here.env.EVENTSTORE_URL}`),
      ]);
      // A role may be ready before its first attempt to connect ends.
      await expect.poll(role.output).toContain(`the event store at ${here.env.EVENTSTORE_URL} answers`);
    }
  });

  it('wait for a MongoDB, and do not show its password', async () => {
    const port = await freePort();
    const here = await systems.createEnvironment({
      READ_STORE_URL: `mongodb://me:hush@127.0.0.1:${port}/shop`,
    });
    const api = systems.start(here, 'read-api');
    await expect
      .poll(() =>
        fetch(`${here.queryUrl}/health/ready`).then(
          async (answer) => [answer.status, await answer.json()],
          String,
        ),
      )
      .toMatchObject([503, { status: 'not ready', checks: { readStore: 'the read store does not answer' } }]);
    await expect
      .poll(() => api.output())
      .toContain(`waiting for the read store at mongodb://[hidden]@127.0.0.1:${port}/shop`);
    api.signal('SIGTERM');
    const { code, stdout, stderr } = await api.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toContain('hush');
  });
});

it('an older version that does not know every event type of the log reports that at its start', async () => {
  const here = await systems.createEnvironment();
  await waitUntilServing(systems.start(here, 'eventstore'), readyUrls(here, ['eventstore']));
  const giftWrapped = defineEvent('GiftWrapped', 1, {});
  const newer = { ...catalogue, definitions: [...catalogue.definitions, giftWrapped] };
  const store = connectEventStore({ catalogue: newer, url: String(here.env.EVENTSTORE_URL) });
  expect(await store.newerTypes()).toEqual([]);
  await store.close();
  const older = systems.start(here, 'write-side');
  const says =
    /"a newer version has used this event store: this version skips events .*"types":\["GiftWrapped"\]/;
  await expect.poll(() => older.output()).toMatch(says);
});

describe('the event store alone', () => {
  it('keeps running when the program that reads its output ends', async () => {
    const here = await systems.createEnvironment();
    const node = systems.start(here, 'eventstore');
    await waitUntilServing(node, readyUrls(here, ['eventstore']));
    node.closeOutput();
    node.signal('SIGTERM');
    expect((await node.ended).code).toBe(0);
  });

  it('stores its data in the folder that it prints', async () => {
    const here = await systems.createEnvironment({ EVENTSTORE_URL: undefined, JWT_SECRET: undefined });
    const { port } = new URL(here.eventStoreUrl);
    const folder = join(here.folder, 'events');
    const old = join(here.folder, 'old');
    await openEventLog({ dataDir: old }).close();
    for (const [options, sentence, files] of [
      [['--memory'], 'Data is in memory only', ['old']],
      [['--data', folder], `Data is in ${folder}.`, ['event-store']],
      [[], `Data is in ${here.folder}.`, ['event-store', 'events', 'old']],
      // An earlier version stored the log directly in this folder.
      [['--data', old], `Data is in ${old}.`, ['events.db']],
    ] as const) {
      const node = systems.start(here, 'eventstore', '--port', port, ...options);
      await waitUntilServing(node, readyUrls(here, ['eventstore']));
      await expect.poll(() => node.output()).toContain(sentence);
      node.signal('SIGTERM');
      expect(await node.ended).toMatchObject({ code: 0, stderr: '' });
      const where = options[1] ?? here.folder;
      expect((await readdir(where)).filter((name) => !/-(wal|shm)$|acknowledged$/.test(name)).sort()).toEqual(
        files,
      );
    }
  });
});
