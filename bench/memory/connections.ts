import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from '../harness/bench-process.ts';
import type { Row } from '../harness/table.ts';
import type { Answer } from './connections-process.ts';

/** As many as are let in at once. */
const CONNECTIONS = 4_000;
/** A body that is read whatever else is, and all of it but the end. */
const BODY = 64 * 1024;
const SENT = Buffer.alloc(BODY - 1, ' ');

/** What a command API has in memory of as many connections as it lets in: at rest, and with a body on each that never ends. */
export async function measureConnections(args: readonly string[]): Promise<Row[]> {
  const child = new Child<object, Answer>(new URL('./connections-process.js', import.meta.url), args);
  const sockets: Socket[] = [];
  try {
    const { port, tokens } = await child.ask({});
    await ask(port, 'GET /health/live');
    const before = await child.ask({});
    while (sockets.length < CONNECTIONS) sockets.push(await ask(port, 'GET /health/live'));
    const idle = await child.ask({});
    const head = (nth: number) =>
      [
        'POST /api/v1/orders HTTP/1.1',
        'host: x',
        `authorization: Bearer ${tokens[nth % tokens.length]}`,
        'content-type: application/json',
        `content-length: ${BODY}`,
      ].join('\r\n');
    for (const [nth, socket] of sockets.entries()) socket.write(`${head(nth)}\r\n\r\n`);
    for (const socket of sockets) socket.write(SENT);
    const reading = await settled(child);
    const row = (what: string, { resident }: Answer): Row => ({
      what: `${CONNECTIONS} ${what}`,
      unit: 'MiB',
      measured: resident - before.resident,
    });
    return [row('connections at rest', idle), row('bodies of 64 KiB that never end', reading)];
  } finally {
    for (const socket of sockets) socket.destroy();
    await child.end();
  }
}

/** A connection on which something was answered. */
async function ask(port: number, what: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`${what} HTTP/1.1\r\nhost: x\r\n\r\n`);
  await once(socket, 'data');
  return socket;
}

/** Once nothing more comes in. */
async function settled(child: Child<object, Answer>): Promise<Answer> {
  for (let last = await child.ask({}); ; ) {
    await sleep(200);
    const next = await child.ask({});
    if (next.buffers <= last.buffers) return next;
    last = next;
  }
}
