import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedNode, startEmbeddedNode } from '../../embedded/node.ts';
import { connectEventStore } from '../connect.ts';
import { EventStoreAccessDenied, EventStoreUnavailable } from '../errors.ts';
import { collect } from '../testing/collect.ts';
import { eventually } from '../testing/eventually.ts';
import { catalogue, unitsCounted } from '../testing/sample-events.ts';
import { startTlsFront, type TlsFront } from '../testing/tls-front.ts';

let node: EmbeddedNode;
let tls: TlsFront;
/** With a certificate for another name. */
let elsewhere: TlsFront;
beforeAll(async () => {
  node = await startEmbeddedNode({ memory: true, port: 0 });
  tls = await startTlsFront(() => node.port);
  elsewhere = await startTlsFront(() => node.port, ['db.example']);
});
afterAll(async () => {
  await Promise.all([tls.stop(), elsewhere.stop()]);
  await node.stop();
});

const ca = () => `tlsCAFile=${encodeURIComponent(tls.caFile)}`;
const user = (name: string, password = tls.password) => `${name}:${encodeURIComponent(password)}@`;
const thrown = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error: unknown) => error);

describe('over TLS, with the right CA and user', () => {
  it.each(['127.0.0.1', 'localhost'])('everything works at %s', async (host) => {
    const store = connectEventStore({ catalogue, url: `esdb://${user('ann')}${host}:${tls.port}?${ca()}` });
    const stream = `inventory-${host}`;
    const stop = new AbortController();
    const consumed: string[] = [];
    const consuming = store.consumeGroup({
      group: `group-${host}`,
      from: { prefixes: [stream] },
      concurrency: 1,
      signal: stop.signal,
      handle: async ({ recorded }) => {
        consumed.push(recorded.stream);
        return { verdict: 'ack' };
      },
    });

    await store.append(stream, [unitsCounted(1)], 'no_stream');

    expect(await collect(store.read(stream))).toHaveLength(1);
    for await (const entry of store.subscribe({ prefixes: [stream], signal: stop.signal }))
      if (entry.kind === 'event') break;
    await eventually(() => expect(consumed).toEqual([stream]));
    stop.abort();
    await consuming;
    await store.close();
  });
});

/** URLs without access, each with the sentence for the operator and the text of health. */
const denied: readonly [string, () => string, RegExp, string][] = [
  [
    'a wrong password',
    () => `esdb://${user('ann', 'wrong-word')}127.0.0.1:${tls.port}?${ca()}`,
    /^no access to the event store at 127\.0\.0\.1:\d+ as user "ann": the event store does not accept the credentials: change the user or the password in EVENTSTORE_URL$/,
    'the event store does not accept the credentials',
  ],
  [
    'no credentials',
    () => `esdb://127.0.0.1:${tls.port}?${ca()}`,
    /^no access to the event store at 127\.0\.0\.1:\d+ without a user: the event store needs credentials: put user:password@ before the host in EVENTSTORE_URL$/,
    'the event store needs credentials',
  ],
  [
    'a user without rights',
    () => `esdb://${user('bob')}127.0.0.1:${tls.port}?${ca()}`,
    /^no access to the event store at 127\.0\.0\.1:\d+ as user "bob": the event store denies access: give this user the rights/,
    'the event store denies access',
  ],
  [
    'a certificate that is not trusted',
    () => `esdb://${user('ann')}127.0.0.1:${tls.port}`,
    /^no access to the event store at 127\.0\.0\.1:\d+ as user "ann": the certificate of the event store is not trusted \(.*SELF_SIGNED.*\): name its CA with tlsCAFile/,
    'the certificate of the event store is not trusted',
  ],
  [
    'a certificate for another name',
    () =>
      `esdb://${user('ann')}127.0.0.1:${elsewhere.port}?tlsCAFile=${encodeURIComponent(elsewhere.caFile)}`,
    /^no access to the event store at 127\.0\.0\.1:\d+ as user "ann": the certificate of the event store is not trusted \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
    'the certificate of the event store is not trusted',
  ],
  [
    'TLS to a server without TLS',
    () => `esdb://${user('ann')}127.0.0.1:${node.port}?${ca()}`,
    /^no access to the event store at 127\.0\.0\.1:\d+ as user "ann": the event store does not speak TLS, and the URL asks for TLS: add tls=false/,
    'the event store does not speak TLS, and the URL asks for TLS',
  ],
  [
    'a plain connection to a server with TLS',
    () => `esdb://${user('ann')}127.0.0.1:${tls.port}?tls=false`,
    /^no access to the event store at 127\.0\.0\.1:\d+ as user "ann": the event store speaks TLS, and the URL turns it off: leave tls=false out/,
    'the event store speaks TLS, and the URL turns it off',
  ],
  [
    'a cluster whose certificates are not trusted',
    () => `esdb://${user('ann')}127.0.0.1:${tls.port},localhost:${tls.port}`,
    /^no access to the event store at 127\.0\.0\.1:\d+, localhost:\d+ as user "ann": the certificate of the event store is not trusted/,
    'the certificate of the event store is not trusted',
  ],
];

describe('denied access throws EventStoreAccessDenied, not an error of an unavailable server', () => {
  it.each(denied)('a read, with %s', async (_, url, sentence, health) => {
    const store = connectEventStore({ catalogue, url: url() });

    const error = await thrown(store.head());

    expect(error).toBeInstanceOf(EventStoreAccessDenied);
    expect(error).toMatchObject({ message: expect.stringMatching(sentence), health });
    expect(health).not.toMatch(/ann|bob|127/);
    await store.close();
  });

  it.each(denied)('an append, with %s', async (_, url, sentence) => {
    const store = connectEventStore({ catalogue, url: url() });

    const error = await thrown(store.append('inventory-refused', [unitsCounted(1)], 'no_stream'));

    expect(error).toBeInstanceOf(EventStoreAccessDenied);
    expect(error).toMatchObject({ message: expect.stringMatching(sentence) });
    await store.close();
  });

  it.each(denied)('subscriptions and consumers log it once, with %s', async (_, url, sentence) => {
    const lines: string[] = [];
    const log = (message: string, fields?: object) =>
      void lines.push(`${message}${fields ? JSON.stringify(fields) : ''}`);
    const store = connectEventStore({ catalogue, url: url(), logger: { info: log, warn: log, error: log } });
    const stop = new AbortController();
    const { signal } = stop;
    const ended = Promise.all([
      collect(store.subscribe({ prefixes: ['inventory-'], signal })),
      store.consumeGroup({
        group: 'refused',
        from: { prefixes: ['inventory-'] },
        concurrency: 1,
        signal,
        handle: async () => ({ verdict: 'ack' }),
      }),
    ]);

    const logged = () => lines.filter((line) => sentence.test(line));
    await eventually(() => expect(logged()).toHaveLength(1));

    // At most one more line, from before the access error was recognised.
    expect(lines.length).toBeLessThanOrEqual(2);
    stop.abort();
    await ended;
    await store.close();
  });
});

it('health reports that a consumer is denied although reads succeed', async () => {
  const store = connectEventStore({ catalogue, url: `esdb://${user('carl')}127.0.0.1:${tls.port}?${ca()}` });
  const stop = new AbortController();
  store.watch.start();
  await eventually(() => expect(store.watch.check).toBe('ok'));

  const consuming = store.consumeGroup({
    group: 'refused',
    from: { prefixes: ['inventory-'] },
    concurrency: 1,
    signal: stop.signal,
    handle: async () => ({ verdict: 'ack' }),
  });

  await eventually(() => expect(store.watch.check).toBe('the event store denies access'));
  stop.abort();
  await consuming;
  await store.close();
});

describe('an unavailable server is not reported as denied access', () => {
  let silent: Server;
  const sockets: Socket[] = [];
  beforeAll(() => {
    silent = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
  });
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  const silentPort = () => {
    const address = silent.address();
    return typeof address === 'object' ? address?.port : undefined;
  };

  it.each([
    ['no server listens', () => 'esdb://127.0.0.1:1'],
    ['no server listens, without TLS', () => 'esdb://127.0.0.1:1?tls=false'],
    ['a server accepts connections and sends nothing', () => `esdb://127.0.0.1:${silentPort()}`],
    ['a server sends nothing, without TLS', () => `esdb://127.0.0.1:${silentPort()}?tls=false`],
  ])('%s', async (_, url) => {
    const store = connectEventStore({ catalogue, url: url(), answerWithinMs: 500, patienceMs: 1500 });

    const error = await thrown(store.head());

    expect(error).toBeInstanceOf(EventStoreUnavailable);
    expect(error).not.toBeInstanceOf(EventStoreAccessDenied);
    await store.close();
  });
});
