import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jwt from 'jsonwebtoken';
import { CommandProcess } from './processes/command-process.ts';
import { freePort } from './processes/free-port.ts';
import { launch } from './processes/launch-orderstream.ts';
import type { Ended } from './processes/launch-program.ts';

const SECRET = 'a secret for tests that is long enough';

/** Runs `orderstream …` to its end. */
export const orderstream = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  launch(args, env).ended;

/** Free ports, a temporary folder, and the settings of a system that would run there. */
export interface Place {
  readonly commandUrl: string;
  readonly queryUrl: string;
  /** The event store's own liveness. */
  readonly eventStoreUrl: string;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly token: (role: string, sub?: string) => string;
}

/** A whole system of its own, in a place of its own. */
export interface System extends Place {
  /** Ends gracefully; resolves when every process has ended and the temporary folder is gone. */
  stop(): Promise<void>;
  /** kill -9 of every process at once; the data stays. */
  kill(): Promise<void>;
  /** Starts again on the same ports and data. */
  restart(): Promise<void>;
}

export const tokenFor = (role: string, sub = role): string =>
  jwt.sign({ sub, role }, SECRET, { algorithm: 'HS256', expiresIn: '1h' });

/** A database of its own on the MongoDB at `TEST_MONGODB_URL`; undefined when that names none: the read models are in SQLite. */
const readStoreUrl = (server = process.env.TEST_MONGODB_URL): string | undefined =>
  server && new URL(`test-${randomBytes(4).toString('hex')}`, server).href;

/** A place for a system; these settings go before its own, an undefined one is left out. */
export async function newPlace(settings: NodeJS.ProcessEnv = {}): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'orderstream-'));
  const [eventStorePort, commandPort, queryPort] = await Promise.all([freePort(), freePort(), freePort()]);
  return {
    commandUrl: `http://127.0.0.1:${commandPort}`,
    queryUrl: `http://127.0.0.1:${queryPort}`,
    eventStoreUrl: `http://127.0.0.1:${eventStorePort}`,
    folder,
    env: {
      EVENTSTORE_URL: `esdb://127.0.0.1:${eventStorePort}?tls=false`,
      DATA_DIR: folder,
      COMMAND_PORT: String(commandPort),
      QUERY_PORT: String(queryPort),
      JWT_SECRET: SECRET,
      READ_STORE_URL: readStoreUrl(),
      ...settings,
    },
    token: tokenFor,
  };
}

/** The addresses that answer once all of a place's system is ready, or these roles of it. */
export function readyUrls(place: Place, roles: readonly string[] = []): readonly string[] {
  const has = (role: string) => roles.length === 0 || roles.includes(role);
  return [
    ...(roles.includes('eventstore') ? [`${place.eventStoreUrl}/health/live`] : []),
    ...(has('write-side') ? [`${place.commandUrl}/health/ready`] : []),
    // Without a projector the query API is not ready.
    ...(has('read-api') ? [`${place.queryUrl}/health/${has('projections') ? 'ready' : 'live'}`] : []),
  ];
}

/** Starts a system: all of it, or the roles named on an event store of their own. */
export async function startSystem(
  settings: NodeJS.ProcessEnv = {},
  roles: readonly string[] = [],
): Promise<System> {
  const place = await newPlace({ LOG_LEVEL: 'warn', ...settings });
  const system = new CommandProcess(['start', ...roles], place.env, readyUrls(place, roles));
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
    ...place,
    stop: async () => {
      await system.stop();
      await rm(place.folder, { recursive: true, force: true });
    },
    kill: () => system.kill(),
    restart: start,
  };
}
