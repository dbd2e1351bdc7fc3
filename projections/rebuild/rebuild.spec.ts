import { afterEach, beforeEach, expect, test } from 'vitest';
import { PROJECTOR_LEASE } from '../../read-store/projector-lease.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import { sqliteReadStore, type TestReadStore } from '../../read-store/testing/adapters.ts';
import { NotRebuilt, rebuild } from './rebuild.ts';
import { RebuildRequests } from './requests.ts';

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
const holdLease = () => readStore.lease(PROJECTOR_LEASE, { owner: 'a', url: 'http://a', beat: 1 });
const outcomes = async () =>
  Object.values(await new RebuildRequests(readStore).all()).map(({ outcome }) => outcome?.kind);

test('with no projector running nothing is rebuilt, now or later', async () => {
  const error = await ask({ ...SHORT, untilTaken: LONG });
  expect(error).toBeInstanceOf(NotRebuilt);
  expect(String(error)).toMatch(/no projector is running: start one with .*; nothing was rebuilt$/);
  expect(await outcomes()).toEqual(['withdrawn', 'withdrawn']);
});

test('a projector that leaves the request alone is given longer', async () => {
  await holdLease();
  const error = await ask({ ...SHORT, withoutProjector: LONG });
  expect(String(error)).toMatch(
    /does not take up the rebuild: is it of this version\?; nothing was rebuilt$/,
  );
});

test('a dry run that was interrupted does not block a rebuild', async () => {
  const requests = new RebuildRequests(readStore);
  const { orders } = await requests.make(['orders'], true);
  await requests.take('orders', orders?.id ?? '', 2);
  expect(await ask({ ...SHORT, untilTaken: LONG }, ['orders'])).toBeInstanceOf(NotRebuilt);
  expect((await requests.all()).orders).toMatchObject({ dryRun: false, outcome: { kind: 'withdrawn' } });
});

test('a dry run that is still waited for blocks a rebuild, which says so', async () => {
  const requests = new RebuildRequests(readStore);
  const { orders } = await requests.make(['orders'], true);
  const waiting = setInterval(
    () => void requests.renew(new Map([['orders', { id: orders?.id ?? '' }]])),
    100,
  );
  expect(String(await ask(SHORT, ['orders']))).toBe(
    'RebuildUnderWay: a dry run of orders is under way already: wait until it has ended',
  );
  clearInterval(waiting);
});

test('what a projector had begun when it went stands', async () => {
  const requests = new RebuildRequests(readStore);
  const { orders } = await requests.make(['orders'], false);
  await requests.take('orders', orders?.id ?? '', 2);
  expect(String(await ask({ ...SHORT, untilTaken: LONG }))).toMatch(
    /no projector is running.*; the rebuild of orders goes on where it was when one runs again$/,
  );
  expect((await outcomes()).sort()).toEqual(['withdrawn', undefined]);
});
