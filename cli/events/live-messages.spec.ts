import { afterEach, beforeEach, expect, it } from 'vitest';
import { ServerClient } from '../http/server-client.ts';
import { givenToken } from '../log-in/tokens.ts';
import { type FakeGateway, startFakeGateway } from '../testing/fake-gateway.ts';
import { liveMessages } from './live-messages.ts';

let gateway: FakeGateway;
let printed: string[];
beforeEach(async () => {
  gateway = await startFakeGateway();
  printed = [];
});
afterEach(() => gateway.close());

const follow = () => {
  const print = (text: string) => void printed.push(text);
  const client = new ServerClient({ server: gateway.url, tokens: givenToken('a.b.c'), print });
  return liveMessages(client, '/api/v1/orders/live', { print });
};
const asked = () => gateway.requests.map(({ headers }) => headers['last-event-id']);

it('after the connection has broken, it resumes behind the last message', async () => {
  gateway.answerWith((_, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    // The first message of a stream only tells where it begins.
    if (asked().length === 1)
      res.write('id: 10\n\nid: 11\ndata: one\n\n: still here\n\n', () => res.destroy());
    else res.write('id: 12\ndata: two\n\n');
    return 'handled';
  });
  const messages = follow();
  expect((await messages.next()).value).toEqual({ id: '11', data: 'one' });
  expect((await messages.next()).value).toEqual({ id: '12', data: 'two' });
  expect(asked()).toEqual([undefined, '11']);
  expect(printed).toEqual(['The connection has ended: connecting again.', 'Connected again.']);
  await messages.return(undefined);
});

it('it connects again while the server is unavailable, and ends when the server rejects it', async () => {
  const answers = [200, 503, 401];
  gateway.answerWith((_, res) => {
    const status = answers[asked().length - 1] ?? 500;
    if (status !== 200) return { status, body: { detail: 'the token has expired' } };
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write('id: 1\ndata: one\n\n', () => res.destroy());
    return 'handled';
  });
  const messages = follow();
  await messages.next();
  await expect(messages.next()).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringContaining('expired'),
  });
  expect(asked()).toEqual([undefined, '1', '1']);
});

it('it ends at once when the first connection fails', async () => {
  gateway.answerWith(() => ({ status: 404, body: { detail: 'there is no such order' } }));
  await expect(follow().next()).rejects.toMatchObject({ exitCode: 4 });
});
