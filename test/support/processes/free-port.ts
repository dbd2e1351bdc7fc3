import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

// Below the ephemeral ports of every system, so that no client connection takes a free port before the server listens.
const FIRST = 20_000;
const BLOCKS = 24;
const BLOCK_SIZE = 500;

let block: Promise<number> | undefined;
let last = 0;

/** Returns a free port that no other call returns, in any process. A server can listen there later and restart. */
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

/** Reserves a block of ports for this process and returns its first port. Listening there marks the block as taken. */
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

/** Listens on a port; returns undefined when it is in use. */
async function listening(port: number): Promise<Server | undefined> {
  const server = createServer().listen(port, '127.0.0.1');
  return once(server, 'listening').then(
    () => server,
    () => undefined,
  );
}
