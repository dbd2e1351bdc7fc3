import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectEventStore, type EventStoreConnection } from './connect.ts';
import { eventually } from './testing/eventually.ts';
import { catalogue, unitsCounted } from './testing/sample-events.ts';
import { startTwoNodes, type TwoNodes } from './testing/two-nodes.ts';

/** Time limit: 3 s on an idle machine. */
const SOON_MS = 9_000;

let cluster: TwoNodes;
let store: EventStoreConnection;
/** Writes directly to the node behind both fronts. */
let straight: EventStoreConnection;
let stop: AbortController;
let followed: Set<string>;
let consumed: Set<string>;
let ended: Promise<unknown>;

beforeEach(async () => {
  cluster = await startTwoNodes();
  store = connectEventStore({ catalogue, url: cluster.connectionString });
  straight = connectEventStore({ catalogue, url: cluster.straight });
  stop = new AbortController();
  followed = new Set();
  consumed = new Set();
  ended = Promise.all([follow(), consume()]);
  await append('inventory-before', straight);
  await eventually(() => {
    expect(followed).toContain('inventory-before');
    expect(consumed).toContain('inventory-before');
  });
});
afterEach(async () => {
  stop.abort();
  await store.close();
  await ended;
  await straight.close();
  await cluster.stop();
});

async function follow(): Promise<void> {
  for await (const entry of store.subscribe({ prefixes: ['inventory-'], signal: stop.signal }))
    if (entry.kind === 'event') followed.add(entry.recorded.stream);
}

const consume = () =>
  store.consumeGroup({
    group: 'fulfilment',
    from: { prefixes: ['inventory-'] },
    concurrency: 4,
    signal: stop.signal,
    handle: async ({ recorded }) => {
      consumed.add(recorded.stream);
      return { verdict: 'ack' };
    },
  });

const append = (stream: string, to: EventStoreConnection) =>
  to.append(stream, [unitsCounted(1)], 'no_stream');

/** Makes B the leader; returns the milliseconds until all calls use it. */
async function untilAllIsWell(): Promise<number> {
  const since = performance.now();
  cluster.elect(cluster.b);
  await append('inventory-after', store);
  await eventually(() => {
    expect(followed).toContain('inventory-after');
    expect(consumed).toContain('inventory-after');
  });
  return performance.now() - since;
}

describe('after a change of leader, appends, subscriptions and consumers work within 3 s', () => {
  it('when the old leader hangs with open calls', async () => {
    cluster.a.proxy.way = 'deaf';

    expect(await untilAllIsWell()).toBeLessThan(SOON_MS);
  });

  it('when the old leader hung for a while before another was elected', async () => {
    cluster.a.proxy.way = 'deaf';
    const appended = append('inventory-meanwhile', store);
    // At least one attempt has gone to the hanging leader, and another is in flight.
    await eventually(() => expect(cluster.a.proxy.swallowed()).toBeGreaterThan(5));

    expect(await untilAllIsWell()).toBeLessThan(SOON_MS);
    expect(await appended).toMatchObject({ revision: 0n });
  });

  it('when the old leader is unavailable, after a time without a leader', async () => {
    cluster.elect(undefined);
    cluster.a.proxy.way = 'closed';
    cluster.a.proxy.cut();
    cluster.b.instead = () => ({ status: 14, message: 'Server Is Not Ready' });
    const appended = append('inventory-meanwhile', store);
    await eventually(() => expect(cluster.b.calls().length).toBeGreaterThan(10));
    cluster.b.instead = undefined;

    expect(await untilAllIsWell()).toBeLessThan(SOON_MS);
    expect(await appended).toMatchObject({ revision: 0n });
  });

  it('when the old leader becomes a follower, which rejects consumers', async () => {
    cluster.a.instead = (path) =>
      path.includes('PersistentSubscriptions')
        ? {
            status: 5,
            message: 'Leader info available',
            trailers: {
              exception: 'not-leader',
              'leader-endpoint-host': '127.0.0.1',
              'leader-endpoint-port': String(cluster.b.port),
            },
          }
        : undefined;
    cluster.a.proxy.cut();

    expect(await untilAllIsWell()).toBeLessThan(SOON_MS);
  });

  it('when the old leader shuts down, and hangs while it creates a consumer group', async () => {
    cluster.a.instead = (path) => (path.endsWith('PersistentSubscriptions/Create') ? 'nothing' : undefined);
    const before = cluster.a.calls().length;
    cluster.a.proxy.cut();
    await eventually(() =>
      expect(cluster.a.calls().slice(before).join()).toContain('PersistentSubscriptions/Create'),
    );

    expect(await untilAllIsWell()).toBeLessThan(SOON_MS);
  });
});

it('the event store client retries a call over a new connection when the leader does not answer for 2 s', async () => {
  cluster.a.instead = (path) => (path.endsWith('PersistentSubscriptions/Create') ? 'nothing' : undefined);
  const creations = () =>
    cluster.a.calls().filter((path) => path.endsWith('PersistentSubscriptions/Create')).length;
  const before = creations();
  cluster.a.proxy.cut();
  await eventually(() => expect(creations()).toBe(before + 1));
  const since = performance.now();

  await eventually(() => expect(creations()).toBe(before + 2));

  // After 2 s, instead of the 10 s limit of the call itself.
  expect(performance.now() - since).toBeLessThan(9_000);
});

it('the event store client keeps all connections while the leader stays the same', async () => {
  const connections = cluster.a.calls().filter((path) => path.includes('ServerFeatures')).length;
  // Wait until the gossip of both nodes was read several times.
  const gossips = () => cluster.b.calls().filter((path) => path.includes('Gossip')).length;
  const before = gossips();
  await eventually(() => expect(gossips()).toBeGreaterThan(before + 4));

  await append('inventory-after', store);

  expect(
    cluster.a.calls().filter((path) => path.includes('ServerFeatures')).length - connections,
  ).toBeLessThan(2);
});
