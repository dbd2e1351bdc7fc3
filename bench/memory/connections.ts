import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchProcess } from '../harness/bench-process.ts';
import type { Row } from '../harness/table.ts';
import type { Measurement } from './connections-process.ts';

/** Maximum number of connections of a command API. */
const CONNECTIONS = 4_000;
/** Size of a request body that is accepted under any load; all but its last byte is sent. */
const BODY = 64 * 1024;
const SENT = Buffer.alloc(BODY - 1, ' ');

/** Measures the memory of a command API at its maximum number of connections: idle, and each with an unfinished body. */
export async function measureConnections(args: readonly string[]): Promise<Row[]> {
  const child = new BenchProcess<object, Measurement>(
    new URL('./connections-process.js', import.meta.url),
    args,
  );
  const sockets: Socket[] = [];
  try {
    const { port, tokens } = await child.request({});
    await ask(port, 'GET /health/live');
    const before = await child.request({});
    while (sockets.length < CONNECTIONS) sockets.push(await ask(port, 'GET /health/live'));
    const idle = await child.request({});
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
    const row = (what: string, { resident }: Measurement): Row => ({
      what: `${CONNECTIONS} ${what}`,
      unit: 'MiB',
      measured: resident - before.resident,
    });
    return [row('idle connections', idle), row('unfinished bodies of 64 KiB', reading)];
  } finally {
    for (const socket of sockets) socket.destroy();
    await child.end();
  }
}

/** Opens a connection and waits for a response. */
async function ask(port: number, what: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`${what} HTTP/1.1\r\nhost: x\r\n\r\n`);
  await once(socket, 'data');
  return socket;
}

/** Waits until the process receives no more data. */
async function settled(child: BenchProcess<object, Measurement>): Promise<Measurement> {
  for (let last = await child.request({}); ; ) {
    await sleep(200);
    const next = await child.request({});
    if (next.buffers <= last.buffers) return next;
    last = next;
  }
}
