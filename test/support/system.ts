import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import jwt from 'jsonwebtoken';

const ROOT = resolve(import.meta.dirname, '../..');
export const PROGRAM = join(ROOT, 'dist/bin/orderstream.js');
const SECRET = 'a secret for tests that is long enough';
const START_LIMIT_MS = 30_000;

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `orderstream …` to its end. */
export async function orderstream(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { env: { ...process.env, ...env } });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const [code] = await once(child, 'close');
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

/** A whole system of its own: free ports, a temporary folder (unless one is given), and everything that runs in it. */
export interface System {
  readonly commandUrl: string;
  readonly queryUrl: string;
  readonly env: NodeJS.ProcessEnv;
  readonly token: (role: string, sub?: string) => string;
  /** Ends gracefully; resolves when every process has ended and the temporary folder is gone. */
  stop(): Promise<void>;
  /** kill -9 of every process at once; the data stays. */
  kill(): Promise<void>;
  /** Starts again on the same ports and data. */
  restart(): Promise<void>;
}

export const tokenFor = (role: string, sub = role): string =>
  jwt.sign({ sub, role }, SECRET, { algorithm: 'HS256', expiresIn: '1h' });

/** Starts a system: all of it, or the roles named on an event store of their own. */
export async function startSystem(
  settings: NodeJS.ProcessEnv = {},
  roles: readonly string[] = [],
): Promise<System> {
  const folder = await mkdtemp(join(tmpdir(), 'orderstream-'));
  const [eventStorePort, commandPort, queryPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const env: NodeJS.ProcessEnv = {
    EVENTSTORE_URL: `esdb://127.0.0.1:${eventStorePort}?tls=false`,
    DATA_DIR: folder,
    COMMAND_PORT: String(commandPort),
    QUERY_PORT: String(queryPort),
    JWT_SECRET: SECRET,
    LOG_LEVEL: 'warn',
    ...settings,
  };
  const commandUrl = `http://127.0.0.1:${commandPort}`;
  const queryUrl = `http://127.0.0.1:${queryPort}`;
  const readyUrls = [
    ...(roles.includes('eventstore') ? [`http://127.0.0.1:${eventStorePort}/health/live`] : []),
    ...(roles.length === 0 || roles.includes('write-side') ? [`${commandUrl}/health/ready`] : []),
    ...(roles.length === 0 || roles.includes('read-api') ? [`${queryUrl}/health/ready`] : []),
  ];
  let child = await start(roles, env, readyUrls);

  return {
    commandUrl,
    queryUrl,
    env,
    token: tokenFor,
    stop: async () => {
      await end(child, 'SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
    kill: () => end(child, 'SIGKILL'),
    restart: async () => {
      child = await start(roles, env, readyUrls);
    },
  };
}

async function start(
  roles: readonly string[],
  env: NodeJS.ProcessEnv,
  readyUrls: readonly string[],
): Promise<ChildProcess> {
  // A process group of its own, so that a kill reaches every process of the system at once.
  const child = spawn(process.execPath, [PROGRAM, 'start', ...roles], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const output = [collect(child.stdout), collect(child.stderr)];
  const deadline = Date.now() + START_LIMIT_MS;
  for (const url of readyUrls) {
    while (
      !(await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      ))
    ) {
      if (child.exitCode !== null || Date.now() > deadline) {
        await end(child, 'SIGKILL');
        throw new Error(`the system did not start:\n${output.map(({ text }) => text()).join('\n')}`);
      }
      await sleep(25);
    }
  }
  return child;
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'close');
  if (signal === 'SIGKILL' && child.pid) process.kill(-child.pid, signal);
  else child.kill(signal);
  await ended;
}

function collect(stream: NodeJS.ReadableStream | null): { text: () => string } {
  let text = '';
  stream?.on('data', (chunk) => {
    text += chunk;
  });
  return { text: () => text };
}
