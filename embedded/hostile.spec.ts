import { once } from 'node:events';
import { connect } from 'node:net';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BatchClient } from './testing/batch-client.ts';
import { type ChildNode, killHard, startChildNode } from './testing/child-node.ts';
import { frame, rawCall, rawConnection, STREAMS, statusOf, subscribeRequest } from './testing/raw-grpc.ts';

const MEBIBYTE = 1024 * 1024;
const UNIMPLEMENTED = 12;
const RESOURCE_EXHAUSTED = 8;
const OPEN_SUBSCRIPTIONS = 10_000;
/** Twice what the node takes with nothing wrong, and 10,000 subscriptions at about 20 KiB. */
const MOST_MEMORY = 500 * MEBIBYTE;
const PATIENCE_MS = 5_000;

describe('a node with hostile clients', () => {
  let node: ChildNode;
  let port: number;
  let client: EventStoreDBClient;
  let order = 0;

  beforeAll(async () => {
    node = await startChildNode('--memory');
    port = Number(/:(\d+)\?/.exec(node.connectionString)?.[1]);
    client = EventStoreDBClient.connectionString(node.connectionString);
  });
  afterAll(async () => {
    await client.dispose();
    await killHard(node.child);
  });

  /** Another client is served all the while, and memory stays bounded. */
  async function staysWell(): Promise<void> {
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
    expect(performance.now() - startedAt).toBeLessThan(PATIENCE_MS);
    const stats = (await (await fetch(`http://127.0.0.1:${port}/stats`)).json()) as { proc: { mem: number } };
    expect(stats.proc.mem).toBeLessThan(MOST_MEMORY);
  }

  it.each([
    ['nothing of HTTP', Buffer.from('GARBAGE\r\n\r\n')],
    [
      'a preface and garbage',
      Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.alloc(5_000, 0xff)]),
    ],
    ['half a preface', Buffer.from('PRI * HT')],
    [
      'a header frame cut off',
      Buffer.concat([
        Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
        Buffer.from('000000040000000000', 'hex'),
        Buffer.from('00ffff0104000000018286', 'hex'),
      ]),
    ],
  ])('that sends %s', async (_, bytes) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(bytes);
    await staysWell();
    socket.destroy();
    await staysWell();
  });

  it('that calls methods and services which are not there', async () => {
    const session = await rawConnection(port);
    expect(await statusOf(rawCall(session, `${STREAMS}/Nonsense`).end(frame(Buffer.alloc(0))))).toBe(
      UNIMPLEMENTED,
    );
    expect(await statusOf(rawCall(session, '/no.such.Service/Read').end(frame(Buffer.alloc(0))))).toBe(
      UNIMPLEMENTED,
    );
    session.destroy();
    await staysWell();
  });

  it.each(['Read', 'Append', 'BatchAppend', 'Delete'])('that sends %s what is no message', async (method) => {
    const session = await rawConnection(port);
    const garbage = rawCall(session, `${STREAMS}/${method}`).end(frame(Buffer.alloc(500, 0xff)));
    expect(await statusOf(garbage)).toBeGreaterThan(0);
    // Cut off in the middle of a message, and gone.
    rawCall(session, `${STREAMS}/${method}`).write(frame(Buffer.alloc(10), 1_000));
    session.destroy();
    await staysWell();
  });

  it('that claims a message of 4 GiB', async () => {
    const session = await rawConnection(port);
    const call = rawCall(session, `${STREAMS}/BatchAppend`);
    call.write(frame(Buffer.alloc(100), 2 ** 32 - 1));
    expect(await statusOf(call)).toBe(RESOURCE_EXHAUSTED);
    session.destroy();
    await staysWell();
  });

  it('that filters by expressions which take for ever', async () => {
    await client.appendToStream(`${'a'.repeat(5_000)}!`, jsonEvent({ type: 'Long', data: {} }));
    const session = await rawConnection(port);
    const calls = ['^(a+)+$', '^(?=(a+)+$)', '(a*)*\\1b', '([a-z]+[0-9]*){1000}$'].map((regex) => {
      const call = rawCall(session, `${STREAMS}/Read`);
      call.end(subscribeRequest(regex));
      return call.resume();
    });
    await staysWell();
    for (const call of calls) call.close();
    session.destroy();
  });

  it(`that opens ${OPEN_SUBSCRIPTIONS} subscriptions on one connection`, async () => {
    const session = await rawConnection(port);
    const confirmed = Array.from({ length: OPEN_SUBSCRIPTIONS }, () => {
      const call = rawCall(session, `${STREAMS}/Read`);
      call.end(subscribeRequest('^nothing-'));
      return once(call, 'data');
    });
    await Promise.all(confirmed);
    await staysWell();
    session.destroy();
    await staysWell();
  }, 120_000);

  it('that subscribes, never reads, and has much to read', async () => {
    const sessions = await Promise.all(Array.from({ length: 20 }, () => rawConnection(port, 1_000)));
    for (const session of sessions) rawCall(session, `${STREAMS}/Read`).end(subscribeRequest());
    const data = { filler: 'x'.repeat(100_000) };
    for (let batch = 0; batch < 100; batch++) {
      await client.appendToStream(
        `big-${batch}`,
        [1, 2, 3, 4, 5].map(() => jsonEvent({ type: 'Big', data })),
      );
    }
    await staysWell();
    for (const session of sessions) session.destroy();
  }, 60_000);

  it('that floods it with appends and takes no answer', async () => {
    const flood = new BatchClient(`127.0.0.1:${port}`);
    const data = Buffer.alloc(1_000, '{');
    const rejected = Array.from({ length: 50_000 }, (_, i) =>
      flood.append(`flood-${i % 100}`, [{ type: 'Flood', data }]).catch(() => {}),
    );
    await staysWell();
    flood.close();
    await Promise.all(rejected);
    await staysWell();
  }, 60_000);
});
