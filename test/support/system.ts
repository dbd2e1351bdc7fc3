import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jwt from 'jsonwebtoken';
import { CommandProcess } from './processes/command-process.ts';
import { freePort } from './processes/free-port.ts';
import { launch } from './processes/launch-orderstream.ts';
import type { ProgramExit } from './processes/launch-program.ts';

const SECRET = 'a secret for tests that is long enough';
const MASTER_KEY = Buffer.alloc(32, 'master key for tests').toString('base64');

/** All roles but the gateway. They start in half of the processor time of a system with a process for each part. */
export const WITHOUT_GATEWAY = ['eventstore', 'write-side', 'process-managers', 'projections', 'read-api'];

/** Runs `orderstream …` to its end. */
export const orderstream = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<ProgramExit> =>
  launch(args, env).ended;

/** Free ports, a temporary folder, and the environment variables of a system that uses them. */
export interface TestEnvironment {
  readonly commandUrl: string;
  readonly queryUrl: string;
  readonly gatewayUrl: string;
  /** Address of the event store's HTTP API. */
  readonly eventStoreUrl: string;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly token: (role: string, sub?: string) => string;
}

/** A running system in its own environment. */
export interface System extends TestEnvironment {
  /** What its processes have printed since the last start. */
  readonly output: () => string;
  /** Stops gracefully; resolves when every process has ended and the temporary folder is removed. */
  stop(): Promise<void>;
  /** Kills every process with -9 at once; the data stays. */
  kill(): Promise<void>;
  /** Starts the system again with the same ports and data. */
  restart(): Promise<void>;
}

/** A key object: with a string, each signature would first try whether it is a private key. */
const SIGNING_KEY = createSecretKey(SECRET, 'utf8');

export const tokenFor = (role: string, sub = role): string =>
  jwt.sign({ sub, role }, SIGNING_KEY, { algorithm: 'HS256', expiresIn: '1h' });

/** Returns the URL of a new database on the MongoDB at `TEST_MONGODB_URL`; undefined without it, which means SQLite. */
const readStoreUrl = (server = process.env.TEST_MONGODB_URL): string | undefined =>
  server && new URL(`test-${randomBytes(4).toString('hex')}`, server).href;

/** Creates an environment for a system. The settings replace its own; an undefined setting removes one. */
export async function createTestEnvironment(settings: NodeJS.ProcessEnv = {}): Promise<TestEnvironment> {
  const folder = await mkdtemp(join(tmpdir(), 'orderstream-'));
  const [eventStorePort, commandPort, queryPort, gatewayPort] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  return {
    commandUrl: `http://127.0.0.1:${commandPort}`,
    queryUrl: `http://127.0.0.1:${queryPort}`,
    gatewayUrl: `http://127.0.0.1:${gatewayPort}`,
    eventStoreUrl: `http://127.0.0.1:${eventStorePort}`,
    folder,
    env: {
      EVENTSTORE_URL: `esdb://127.0.0.1:${eventStorePort}?tls=false`,
      DATA_DIR: folder,
      COMMAND_PORT: String(commandPort),
      QUERY_PORT: String(queryPort),
      GATEWAY_PORT: String(gatewayPort),
      JWT_SECRET: SECRET,
      MASTER_KEY,
      READ_STORE_URL: readStoreUrl(),
      ...settings,
    },
    token: tokenFor,
  };
}

/** Returns the URLs that answer 200 once the whole system of an environment is ready, or these roles of it. */
export function readyUrls(environment: TestEnvironment, roles: readonly string[] = []): readonly string[] {
  const has = (role: string) => roles.length === 0 || roles.includes(role);
  return [
    ...(roles.includes('eventstore') ? [`${environment.eventStoreUrl}/health/live`] : []),
    ...(has('write-side') ? [`${environment.commandUrl}/health/ready`] : []),
    // Without a projector the query API is live and never ready.
    ...(has('gateway') ? [`${environment.gatewayUrl}/health/ready`] : []),
    ...(has('read-api') ? [`${environment.queryUrl}/health/${has('projections') ? 'ready' : 'live'}`] : []),
  ];
}

/** Starts a whole system, or some roles of it, in a new environment. Resolves when it is ready. */
export async function startSystem(
  settings: NodeJS.ProcessEnv = {},
  roles: readonly string[] = [],
): Promise<System> {
  const environment = await createTestEnvironment({ LOG_LEVEL: 'warn', ...settings });
  const system = new CommandProcess(['start', ...roles], environment.env, readyUrls(environment, roles));
  const start = async () => {
    system.start();
    try {
      await system.ready();
    } catch (error) {
      await system.kill();
      throw error;
    }
  };
  await start();

  return {
    ...environment,
    output: () => system.output,
    stop: async () => {
      await system.stop();
      await rm(environment.folder, { recursive: true, force: true });
    },
    kill: () => system.kill(),
    restart: start,
  };
}
