import { EventEmitter, once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../server/listen.ts';
import { type Sent, sendRaw } from '../testing/send-raw.ts';
import { createTeaApi, TEA, teaHead } from '../testing/tea-api.ts';
import { CallerQuota } from './caller-quota.ts';

describe('the quota of callers', () => {
  it('limits each caller, and all callers together', () => {
    const quota = new CallerQuota({ max: 3, maxPerCaller: 2 });
    expect([quota.enter('olga'), quota.enter('olga')]).toEqual([undefined, undefined]);
    expect(quota.enter('olga')).toBe('caller-full');
    expect(quota.enter('carl')).toBeUndefined();
    expect(quota.enter('cleo')).toBe('full');
    quota.leave('olga');
    expect(quota.enter('cleo')).toBeUndefined();
  });

  it('forgets callers that have nothing in flight', () => {
    const quota = new CallerQuota({ max: 3, maxPerCaller: 2 });
    for (const caller of ['olga', 'olga', 'carl']) quota.enter(caller);
    expect(quota.callers).toBe(2);
    for (const caller of ['olga', 'carl', 'olga']) quota.leave(caller);
    expect(quota.callers).toBe(0);
  });
});

const FIRST = `4\r\n${TEA.slice(0, 4)}\r\n`;
const REST = `d\r\n${TEA.slice(4)}\r\n0\r\n\r\n`;
const headOf = (sub: string) => `${teaHead(sub)}transfer-encoding: chunked\r\nconnection: close\r\n\r\n`;

describe('a caller with eight large bodies that never end', () => {
  let server: Listening;
  let begun: readonly Sent[];
  /** Tells that a body is being read, and that a request is over. */
  const seen = new EventEmitter();
  const sockets: Socket[] = [];
  beforeEach(async () => {
    const serve = createTeaApi();
    server = await listen(
      (request, response) => {
        request.on('newListener', (event) => event === 'data' && seen.emit('reading'));
        request.once('close', () => seen.emit('over'));
        serve(request, response);
      },
      { host: '127.0.0.1', port: 0 },
    );
    const eight: Sent[] = [];
    for (let nth = 0; nth < 8; nth++) {
      const reading = once(seen, 'reading');
      eight.push(await send(headOf('olga') + FIRST));
      await reading;
    }
    begun = eight;
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await server.close(0);
  });

  const send = (text: string) => sendRaw(server.port, text, sockets);
  const brew = async (sub: string) => (await send(headOf(sub) + FIRST + REST)).answer;

  it('gets 503 for a ninth body, while another caller is served', async () => {
    expect(await brew('olga')).toMatch(/^HTTP\/1.1 503 [\s\S]*retry-after: 1[\s\S]*overloaded/i);
    expect(await brew('carl')).toMatch(/^HTTP\/1.1 201 /);
  });

  it('may send a ninth body after one of them has ended', async () => {
    begun[0]?.socket.write(REST);
    expect(await begun[0]?.answer).toMatch(/^HTTP\/1.1 201 /);
    expect(await brew('olga')).toMatch(/^HTTP\/1.1 201 /);
  });

  it('may send a ninth body after one of them is cut off', async () => {
    const over = once(seen, 'over');
    begun[0]?.socket.destroy();
    await over;
    expect(await brew('olga')).toMatch(/^HTTP\/1.1 201 /);
  });
});
