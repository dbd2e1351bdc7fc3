// node with-ferretdb.mjs PATH-TO-FERRETDB -- COMMAND …
// Starts FerretDB on a free port, runs a command with TEST_MONGODB_URL set, and stops FerretDB.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const [ferretdb, separator, command, ...args] = process.argv.slice(2);
if (!command || separator !== '--') {
  process.stderr.write('usage: node with-ferretdb.mjs PATH-TO-FERRETDB -- COMMAND …\n');
  process.exit(2);
}

const folder = await mkdtemp(join(tmpdir(), 'orderstream-ferretdb-'));
const probe = createServer().listen(0, '127.0.0.1');
await once(probe, 'listening');
const { port } = probe.address();
probe.close();
await once(probe, 'close');

const server = spawn(
  ferretdb,
  [
    '--handler=sqlite',
    `--sqlite-url=file:${folder}/`,
    `--state-dir=${folder}`,
    `--listen-addr=127.0.0.1:${port}`,
    '--debug-addr=-',
    '--telemetry=disable',
    '--log-level=error',
  ],
  // FerretDB reads whole collections for most queries. Less frequent garbage collection saves a quarter of its work.
  { stdio: ['ignore', 'inherit', 'inherit'], env: { GOGC: '400', ...process.env } },
);
const ended = once(server, 'exit');
let code = 1;
try {
  for (let tries = 0; !(await answers()); tries++) {
    if (server.exitCode !== null || tries > 400) throw new Error('FerretDB did not start');
    await sleep(25);
  }
  const child = spawn(command, args, {
    stdio: 'inherit',
    env: { ...process.env, TEST_MONGODB_URL: `mongodb://127.0.0.1:${port}/` },
  });
  [code] = await once(child, 'exit');
} finally {
  server.kill('SIGTERM');
  await ended;
  await rm(folder, { recursive: true });
}
process.exit(code ?? 1);

function answers() {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
