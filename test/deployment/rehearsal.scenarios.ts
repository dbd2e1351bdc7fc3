import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { spawnWithParent } from '../../embedded/testing/spawn-with-parent.ts';
import { freePort } from '../support/processes/free-port.ts';
import { createShopClient } from '../support/shop.ts';
import { createTestEnvironment, type System, startSystem, type TestEnvironment } from '../support/system.ts';
import { waitForStatus, waitUntil } from '../support/wait-until.ts';
import { environmentOf, read, stagesOf } from './dockerfile.ts';
import { rehearse } from './rehearsal.ts';

const run = promisify(execFile);
const { TEST_MONGODB_URL = '' } = process.env;

interface Service {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string | null>>;
  readonly healthcheck: { readonly test: readonly string[] };
}

/** Roles in the order in which the compose file starts them. */
const ORDER = ['write-side', 'projections', 'process-managers', 'read-api'];
const PORTS = ['COMMAND_PORT', 'QUERY_PORT', 'PROJECTIONS_PORT', 'PROCESS_MANAGERS_PORT'];

describe.skipIf(TEST_MONGODB_URL === '')('the image, built and run without Docker', () => {
  const { services }: { services: Record<string, Service> } = parse(read('docker-compose.yml'), {
    merge: true,
  });
  const ending: (() => Promise<unknown>)[] = [];
  let eventStore: System;
  let place: TestEnvironment;
  let app: string;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    eventStore = await startSystem({}, ['eventstore']);
    ending.push(() => eventStore.stop());
    place = await createTestEnvironment();
    ending.push(() => rm(place.folder, { recursive: true, force: true }));
    const built = await rehearse();
    ending.push(() => rm(built.all, { recursive: true, force: true }));
    app = built.app;
    await symlink(join(app, 'dist/bundle/orderstream.js'), join(built.all, 'orderstream'));
    const ports = await Promise.all(PORTS.map(async (name) => [name, String(await freePort())] as const));
    const { PATH, HOME } = process.env;
    environment = {
      ...environmentOf(stagesOf(read('deploy/Dockerfile'))),
      ...Object.fromEntries(ports),
      PATH: `${built.all}:${PATH}`,
      HOME,
      DATA_DIR: place.folder,
    };
  }, 240_000);
  afterAll(async () => {
    for (const end of ending.reverse()) await end();
  });

  /** The environment that the compose file gives a service, with the stores of this test in place of its own. */
  const environmentFor = ({ environment: given }: Service): NodeJS.ProcessEnv => {
    const own = Object.fromEntries(
      Object.entries(given).flatMap(([name, value]) => (value ? [[name, value]] : [])),
    );
    return {
      ...environment,
      ...own,
      EVENTSTORE_URL: eventStore.env.EVENTSTORE_URL,
      READ_STORE_URL: new URL(`image-${randomName}`, TEST_MONGODB_URL).href,
      JWT_SECRET: eventStore.env.JWT_SECRET,
    };
  };
  const randomName = randomBytes(4).toString('hex');

  it('every role becomes healthy when started as the compose file does', async () => {
    for (const role of ORDER) {
      const service = services[role] as Service;
      const env = environmentFor(service);
      const child = spawnWithParent('orderstream', service.command, {
        cwd: app,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (text) => {
          output += text;
        });
      const ended = once(child, 'exit');
      ending.push(() => {
        child.kill('SIGTERM');
        return ended;
      });
      const [, program = '', ...args] = service.healthcheck.test;
      await waitUntil(
        `${role} is healthy`,
        () =>
          run(program, args, { cwd: app, env }).then(
            () => '',
            ({ stdout }) => `${stdout}\n${output}`,
          ),
        (complaint) => complaint === '',
      );
      expect([role, child.exitCode]).toEqual([role, null]);
    }
  });

  it('these roles ship an order', async () => {
    const [commandPort, queryPort] = [environment.COMMAND_PORT, environment.QUERY_PORT];
    const system = {
      ...place,
      commandUrl: `http://127.0.0.1:${commandPort}`,
      queryUrl: `http://127.0.0.1:${queryPort}`,
    };
    const shop = createShopClient(system);
    await shop.createItem('mug', 3);
    await waitForStatus(system, await shop.placeOne('mug', 2), 'shipped');
    const page = await shop.get('/projections');
    expect(page.body.items.map(({ status }: { status: string }) => status)).not.toContain('stopped');
  });
});
