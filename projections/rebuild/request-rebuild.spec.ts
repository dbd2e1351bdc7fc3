import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReadStoreUnavailable } from '../../read-store/errors.ts';
import { PROJECTOR_LEASE } from '../../read-store/projector-lease.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import { sqliteReadStore, type TestReadStore } from '../../read-store/testing/adapters.ts';
import { RebuildRequests } from './rebuild-requests.ts';
import { RebuildFailed, type RebuildOptions, rebuild } from './request-rebuild.ts';

const SHORT = { withoutProjector: 0, untilTaken: 0 };
const LONG = 600_000;

let place: TestReadStore;
let readStore: ReadStore;
beforeEach(async () => {
  place = sqliteReadStore();
  readStore = await place.open();
});
afterEach(() => place.dispose());

const ask = (patience: { withoutProjector: number; untilTaken: number }, models = ['orders', 'items']) =>
  rebuild({ readStore, models, dryRun: false, patience, onProgress: () => {}, onOutcome: () => {} }).catch(
    (error: unknown) => error,
  );
const holdLease = () => readStore.takeLease(PROJECTOR_LEASE, { owner: 'a', url: 'http://a', beat: 1 });
const outcomes = async () =>
  Object.values(await new RebuildRequests(readStore).all()).map(({ outcome }) => outcome?.kind);

it('a request for a rebuild is withdrawn when no projector is running', async () => {
  const error = await ask({ ...SHORT, untilTaken: LONG });
  expect(error).toBeInstanceOf(RebuildFailed);
  expect(String(error)).toMatch(/no projector is running: start one with .*; nothing was rebuilt$/);
  expect(await outcomes()).toEqual(['withdrawn', 'withdrawn']);
});

it('a request for a rebuild waits longer for a running projector that does not start it', async () => {
  await holdLease();
  const error = await ask({ ...SHORT, withoutProjector: LONG });
  expect(String(error)).toMatch(
    /does not start the rebuild: check that it has the same version; nothing was rebuilt$/,
  );
});

it('a request for a rebuild replaces an abandoned dry run', async () => {
  const requests = new RebuildRequests(readStore);
  const { orders } = await requests.make(['orders'], true);
  await requests.recordStart('orders', orders?.id ?? '', 2);
  expect(await ask({ ...SHORT, untilTaken: LONG }, ['orders'])).toBeInstanceOf(RebuildFailed);
  expect((await requests.all()).orders).toMatchObject({ dryRun: false, outcome: { kind: 'withdrawn' } });
});

it('a request for a rebuild is rejected while the client of a dry run is alive', async () => {
  const requests = new RebuildRequests(readStore);
  const { orders } = await requests.make(['orders'], true);
  const waiting = setInterval(
    () => void requests.renew(new Map([['orders', { id: orders?.id ?? '' }]])),
    100,
  );
  expect(String(await ask(SHORT, ['orders']))).toBe(
    'RebuildInProgress: a dry run of orders is already running: wait until it has ended',
  );
  clearInterval(waiting);
});

it('a request for a rebuild is kept when a projector started it and then stopped', async () => {
  const requests = new RebuildRequests(readStore);
  const { orders } = await requests.make(['orders'], false);
  await requests.recordStart('orders', orders?.id ?? '', 2);
  expect(String(await ask({ ...SHORT, untilTaken: LONG }))).toMatch(
    /no projector is running.*; the rebuild of orders continues when one runs again$/,
  );
  expect((await outcomes()).sort()).toEqual(['withdrawn', undefined]);
});

describe('while a store is unavailable', () => {
  const waiting = (changes: Partial<RebuildOptions>) => {
    const said: string[] = [];
    const over = rebuild({
      readStore,
      models: ['orders'],
      dryRun: false,
      patience: { ...SHORT, unavailable: 0 },
      onProgress: () => {},
      onOutcome: () => {},
      onWaiting: (reason) => said.push(reason),
      ...changes,
    }).catch((error: unknown) => error);
    return { said, over };
  };

  it('waits for the event store, reports it, and gives up after the maximum wait', async () => {
    await holdLease();
    const { said, over } = waiting({ eventStoreTrouble: () => 'the event store does not answer' });
    expect(String(await over)).toMatch(/the event store does not answer; nothing was rebuilt$/);
    expect(new Set(said)).toEqual(new Set(['the event store does not answer']));
    expect(await outcomes()).toEqual(['withdrawn']);
  });

  it('continues when the read store is available again', async () => {
    await holdLease();
    let looks = 0;
    const requests = new RebuildRequests(readStore);
    const statuses = async () => {
      looks += 1;
      if (looks < 3) throw new ReadStoreUnavailable('no MongoDB answers');
      const { orders } = await requests.all();
      await requests.end('orders', orders?.id ?? '', { kind: 'switched', generation: 2 });
      return readStore.statuses();
    };
    const flaky = new Proxy(readStore, {
      get: (store, name) => {
        if (name === 'statuses') return statuses;
        const value: unknown = Reflect.get(store, name, store);
        return typeof value === 'function' ? value.bind(store) : value;
      },
    });
    const outcomesSeen: string[] = [];
    const { said, over } = waiting({
      readStore: flaky,
      patience: { withoutProjector: LONG, untilTaken: LONG },
      onOutcome: (_, { kind }) => outcomesSeen.push(kind),
    });
    expect(await over).toBeUndefined();
    expect(said).toEqual(['no MongoDB answers', 'no MongoDB answers']);
    expect(outcomesSeen).toEqual(['switched']);
  });
});
