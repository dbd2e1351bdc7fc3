import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { BatchClient } from './testing/batch-client.ts';
import { type ChildNode, startChildNode } from './testing/child-node.ts';
import { killHard } from './testing/kill-hard.ts';
import { frame, rawCall, rawConnection, STREAMS, statusOf, subscribeRequest } from './testing/raw-grpc.ts';

const MEBIBYTE = 1024 * 1024;
const UNIMPLEMENTED = 12;
const RESOURCE_EXHAUSTED = 8;
const OPEN_SUBSCRIPTIONS = 10_000;
/** About 1.5 times the measured memory (README), since garbage is collected at different times in each run. */
const MAX_MEMORY = 400 * MEBIBYTE;
const MAX_MEMORY_WITH_MANY_SUBSCRIPTIONS = 650 * MEBIBYTE;
const TIMEOUT_MS = 60_000;

/** Starts a separate node for the tests of one `describe`, so that they measure the memory of one kind of client only. */
function startOwnNode(maxMemory = MAX_MEMORY) {
  let node: ChildNode;
  let folder: string;
  let client: EventStoreDBClient;
  let order = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hostile-'));
    node = await startChildNode('--data', folder);
    client = EventStoreDBClient.connectionString(node.connectionString);
  });
  afterAll(async () => {
    await client.dispose();
    await killHard(node.child);
    await rm(folder, { recursive: true });
  });

  const port = () => Number(/:(\d+)\?/.exec(node.connectionString)?.[1]);

  /** Checks that another client can append and read in time, and that the memory is below the limit. */
  async function expectHealthy({ annotate }: TestContext): Promise<void> {
    const startedAt = performance.now();
    order += 1;
    const { success } = await client.appendToStream(
      `order-${order}`,
      jsonEvent({ type: 'Placed', data: {} }),
    );
    expect(success).toBe(true);
    const events: unknown[] = [];
    for await (const each of client.readStream(`order-${order}`)) events.push(each);
    expect(events).toHaveLength(1);
    expect(performance.now() - startedAt).toBeLessThan(TIMEOUT_MS);
    const stats = (await (await fetch(`http://127.0.0.1:${port()}/stats`)).json()) as {
      proc: { mem: number };
    };
    await annotate(`memory ${Math.round(stats.proc.mem / MEBIBYTE)} MiB`);
    expect(stats.proc.mem).toBeLessThan(maxMemory);
  }

  return { port, expectHealthy, client: () => client };
}

describe('a node serves other clients, with bounded memory, while a client', () => {
  const { port, expectHealthy, client } = startOwnNode();

  it.for<[string, Buffer]>([
    ['bytes that are not HTTP', Buffer.from('GARBAGE\r\n\r\n')],
    [
      'an HTTP/2 preface and garbage',
      Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.alloc(5_000, 0xff)]),
    ],
    ['half an HTTP/2 preface', Buffer.from('PRI * HT')],
    [
      'a truncated header frame',
      Buffer.concat([
        Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
        Buffer.from('000000040000000000', 'hex'),
        Buffer.from('00ffff0104000000018286', 'hex'),
      ]),
    ],
  ])('sends %s', async ([, bytes], context) => {
    const socket = connect(port(), '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(bytes);
    await expectHealthy(context);
    socket.destroy();
    await expectHealthy(context);
  });

  it.for([
    'GET //',
    'GET http://[',
    'OPTIONS *',
    'CONNECT a:1',
    'GET /streams/%zz',
    'GET /health/live?liveCode=x',
  ])('sends the request %s', async (request, context) => {
    const socket = connect(port(), '127.0.0.1');
    socket.write(`${request} HTTP/1.1\r\nHost: 127.0.0.1:${port()}\r\nConnection: close\r\n\r\n`);
    socket.resume();
    await once(socket, 'close');
    await expectHealthy(context);
  });

  it('calls unknown methods and services', async (context) => {
    const { session, disconnect } = await rawConnection(port());
    expect(await statusOf(rawCall(session, `${STREAMS}/Nonsense`).end(frame(Buffer.alloc(0))))).toBe(
      UNIMPLEMENTED,
    );
    expect(await statusOf(rawCall(session, '/no.such.Service/Read').end(frame(Buffer.alloc(0))))).toBe(
      UNIMPLEMENTED,
    );
    disconnect();
    await expectHealthy(context);
  });

  it.for(['Read', 'Append', 'BatchAppend', 'Delete'])(
    'sends invalid messages to %s',
    async (method, context) => {
      const { session, disconnect } = await rawConnection(port());
      const garbage = rawCall(session, `${STREAMS}/${method}`).end(frame(Buffer.alloc(500, 0xff)));
      expect(await statusOf(garbage)).toBeGreaterThan(0);
      // Disconnect in the middle of a message.
      rawCall(session, `${STREAMS}/${method}`).write(frame(Buffer.alloc(10), 1_000));
      disconnect();
      await expectHealthy(context);
    },
  );

  it('announces a message of 4 GiB', async (context) => {
    const { session, disconnect } = await rawConnection(port());
    const call = rawCall(session, `${STREAMS}/BatchAppend`);
    call.write(frame(Buffer.alloc(100), 2 ** 32 - 1));
    expect(await statusOf(call)).toBe(RESOURCE_EXHAUSTED);
    disconnect();
    await expectHealthy(context);
  });

  it('filters by expressions that need exponential time', async (context) => {
    await client().appendToStream(`${'a'.repeat(5_000)}!`, jsonEvent({ type: 'Long', data: {} }));
    const { session, disconnect } = await rawConnection(port());
    const calls = ['^(a+)+$', '^(?=(a+)+$)', '(a*)*\\1b', '([a-z]+[0-9]*){1000}$'].map((regex) => {
      const call = rawCall(session, `${STREAMS}/Read`);
      call.end(subscribeRequest(regex));
      return call.resume();
    });
    await expectHealthy(context);
    for (const call of calls) call.close();
    disconnect();
  });
});

describe('a node serves other clients, with bounded memory, while a client with one connection', () => {
  const { port, expectHealthy } = startOwnNode(MAX_MEMORY_WITH_MANY_SUBSCRIPTIONS);

  it(`opens ${OPEN_SUBSCRIPTIONS} subscriptions`, async (context) => {
    const { session, disconnect } = await rawConnection(port());
    const confirmed = Array.from({ length: OPEN_SUBSCRIPTIONS }, () => {
      const call = rawCall(session, `${STREAMS}/Read`);
      call.end(subscribeRequest('^nothing-'));
      return once(call, 'data');
    });
    await Promise.all(confirmed);
    await expectHealthy(context);
    disconnect();
    await expectHealthy(context);
  });
});

describe('a node serves other clients, with bounded memory, while 20 subscribers', () => {
  const { port, expectHealthy, client } = startOwnNode();

  it('never read the 30 MB that are sent to each of them', async (context) => {
    const connections = await Promise.all(Array.from({ length: 20 }, () => rawConnection(port(), 1_000)));
    for (const { session } of connections) rawCall(session, `${STREAMS}/Read`).end(subscribeRequest());
    const data = { filler: 'x'.repeat(100_000) };
    for (let batch = 0; batch < 60; batch++) {
      await client().appendToStream(
        `big-${batch}`,
        [1, 2, 3, 4, 5].map(() => jsonEvent({ type: 'Big', data })),
      );
    }
    await expectHealthy(context);
    for (const { disconnect } of connections) disconnect();
  });
});

describe('a node serves other clients, with bounded memory, while a writer', () => {
  const { port, expectHealthy } = startOwnNode();

  it('sends 50,000 appends without waiting for responses', async (context) => {
    const flood = new BatchClient(`127.0.0.1:${port()}`);
    const data = Buffer.alloc(1_000, '{');
    const rejected = Array.from({ length: 50_000 }, (_, i) =>
      flood.append(`flood-${i % 100}`, [{ type: 'Flood', data }]).catch(() => {}),
    );
    await expectHealthy(context);
    flood.close();
    await Promise.all(rejected);
    await expectHealthy(context);
  });
});
