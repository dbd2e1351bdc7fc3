import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi } from './create-api.ts';
import { defineRoute } from './route.ts';
import { type Listening, listen } from './server/listen.ts';
import { createSessions } from './testing/sessions.ts';
import { options } from './testing/tea-shop.ts';
import { ACCESS_SECONDS } from './tokens/session-token.ts';

const { ended, rules, token } = createSessions();
const ticks = defineRoute({
  ...{ method: 'get', path: '/ticks', summary: 'Ticks', tag: 'ticks' },
  responses: { 200: { description: 'ticks', contentType: 'text/event-stream' } },
  handle: async ({ signal }) => ({
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    stream: (async function* () {
      yield 'data: tick\n\n';
      if (!signal.aborted) await once(signal, 'abort');
    })(),
  }),
});

let api: Listening;
beforeAll(async () => {
  api = await listen(createApi({ ...options, routes: [ticks], sessions: rules }), {
    ...{ host: '127.0.0.1', port: 0 },
  });
});
afterAll(() => api.close(0));

const open = async (text: string) => {
  const response = await fetch(`${api.url}/ticks`, { headers: { authorization: `Bearer ${text}` } });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  return { status: response.status, read: async () => reader?.read() };
};
const tick = { done: false, value: 'data: tick\n\n' };
const end = { done: true, value: undefined };

describe('a stream that was opened with the token of a session', () => {
  it('stays open when the token expires, and ends when the session does', async () => {
    const soon = Date.now() - ACCESS_SECONDS * 1000 + 1_500;
    const text = token('ann', 'customer', { at: soon });
    const stream = await open(text);
    expect(await stream.read()).toEqual(tick);
    await expect.poll(async () => (await open(text)).status).toBe(401);

    const reading = stream.read();
    ended.end('session-of-ann');
    expect(await reading).toEqual(end);
  });

  it('ends with the last moment of the session', async () => {
    const endsAt = Date.now() + 300;
    const stream = await open(token('bob', 'customer', { endsAt }));
    expect(await stream.read()).toEqual(tick);
    expect(await stream.read()).toEqual(end);
    expect(Date.now()).toBeGreaterThanOrEqual(endsAt);
  });

  it('ends alone: streams of other sessions stay open', async () => {
    const [carl, dora] = [await open(token('carl')), await open(token('dora'))];
    expect([await carl.read(), await dora.read()]).toEqual([tick, tick]);
    ended.end('session-of-carl');
    expect(await carl.read()).toEqual(end);
    const reading = dora.read();
    expect(await Promise.race([reading, Promise.resolve('open')])).toBe('open');
    ended.end('session-of-dora');
    expect(await reading).toEqual(end);
  });
});
