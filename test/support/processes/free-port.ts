import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

// Below every system's ephemeral ports: no client's connection takes one of these between our look and the server's start.
const FIRST = 20_000;
const BLOCKS = 120;
const BLOCK_SIZE = 100;

let block: Promise<number> | undefined;
let last = 0;

/** A free port that nobody else who asks here is given, in whatever process: for a server that starts later, and starts again. */
export async function freePort(): Promise<number> {
  block ??= ownBlock();
  const first = await block;
  for (let tries = 1; tries < BLOCK_SIZE; tries++) {
    last = (last % (BLOCK_SIZE - 1)) + 1;
    const port = first + last;
    const server = await listening(port);
    if (server) {
      server.close();
      await once(server, 'close');
      return port;
    }
  }
  throw new Error(`all ports from ${first} to ${first + BLOCK_SIZE} are in use`);
}

/** The first port of a block that is this process's while it lives: it listens there, and by that the others know. */
async function ownBlock(): Promise<number> {
  const start = process.pid % BLOCKS;
  for (let n = 0; n < BLOCKS; n++) {
    const first = FIRST + ((start + n) % BLOCKS) * BLOCK_SIZE;
    const guard = await listening(first);
    if (guard) {
      guard.unref();
      return first;
    }
  }
  throw new Error(`every block of ports from ${FIRST} on is in use`);
}

/** Undefined when the port is in use. */
async function listening(port: number): Promise<Server | undefined> {
  const server = createServer().listen(port, '127.0.0.1');
  return once(server, 'listening').then(
    () => server,
    () => undefined,
  );
}
