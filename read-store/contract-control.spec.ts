import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReadStore } from './read-store.ts';
import { adapters, type TestReadStore } from './testing/adapters.ts';

describe.each(adapters())('the read store on $name', ({ name, create }) => {
  let place: TestReadStore;
  let store: ReadStore;

  beforeEach(async () => {
    place = create();
    store = await place.open();
  });
  afterEach(() => place.dispose());

  describe('identity', () => {
    it('is recorded once', async () => {
      expect(await store.claimIdentity('first')).toBe('first');
      expect(await (await place.open()).claimIdentity('second')).toBe('first');
    });
  });

  describe('lease', () => {
    const wanted = (owner: string, beat = 1) => ({ owner, url: `http://${owner}`, beat });

    it('has one owner who can renew it, and is free once released', async () => {
      const other = await place.open();
      const first = await store.takeLease('projector', wanted('one'));
      expect(first).toMatchObject({ owner: 'one', url: 'http://one' });
      expect(await other.takeLease('projector', wanted('two'))).toEqual(first);
      const renewed = await store.takeLease('projector', wanted('one', 2));
      expect(renewed).toEqual(wanted('one', 2));
      expect(await other.currentLease('projector')).toEqual(renewed);
      await other.releaseLease('projector', 'two');
      expect(await store.currentLease('projector')).toEqual(renewed);
      await store.releaseLease('projector', 'one');
      expect(await store.currentLease('projector')).toBeUndefined();
      expect(await other.takeLease('projector', wanted('two'))).toMatchObject({ owner: 'two' });
    });

    it('is taken from an owner that has not renewed it since it was read', async () => {
      const silent = await store.takeLease('projector', wanted('one', 5));
      expect(await store.takeLease('projector', wanted('two', 1), silent)).toEqual(wanted('two', 1));
    });

    it('stays with an owner that has renewed it since it was read', async () => {
      const seen = await store.takeLease('projector', wanted('one', 5));
      await store.takeLease('projector', wanted('one', 6));
      expect(await store.takeLease('projector', wanted('two', 9), seen)).toEqual(wanted('one', 6));
    });

    it('is taken by only one of two that read the same silent owner', async () => {
      const other = await place.open();
      const silent = await store.takeLease('projector', wanted('one', 5));
      await Promise.all([
        store.takeLease('projector', wanted('two', 1), silent),
        other.takeLease('projector', wanted('three', 1), silent),
      ]);
      const renewed = [
        await store.takeLease('projector', wanted('two', 2)),
        await other.takeLease('projector', wanted('three', 2)),
      ];
      expect(new Set(renewed.map(({ owner }) => owner)).size).toBe(1);
      expect(['two', 'three']).toContain(renewed[0]?.owner);
    });

    it('goes to one of many concurrent requests', async () => {
      const stores = await Promise.all([place.open(), place.open(), place.open()]);
      const answers = await Promise.all(
        stores.map((each, n) => each.takeLease('projector', wanted(`owner-${n}`))),
      );
      expect(new Set(answers.map(({ owner }) => owner)).size).toBe(1);
    });
  });

  describe('metadata', () => {
    it('is replaced only at the expected revision', async () => {
      const other = await place.open();
      expect(await store.metadata('n')).toBeUndefined();
      expect(await store.replaceMetadata('n', { a: 1 }, 0)).toBe(true);
      expect(await other.replaceMetadata('n', { a: 2 }, 0)).toBe(false);
      expect(await other.metadata('n')).toEqual({ revision: 1, body: { a: 1 } });
      expect(await other.replaceMetadata('n', { b: ['x', { c: 3 }] }, 1)).toBe(true);
      expect(await store.replaceMetadata('n', { a: 3 }, 1)).toBe(false);
      expect(await store.metadata('n')).toEqual({ revision: 2, body: { b: ['x', { c: 3 }] } });
      expect(await store.metadata('m')).toBeUndefined();
    });

    // FerretDB 1, which stands in for MongoDB in tests, finds and updates in two steps.
    it.runIf(name === 'SQLite')('is replaced by one of many concurrent writers', async () => {
      await store.replaceMetadata('n', {}, 0);
      const stores = await Promise.all([place.open(), place.open(), place.open()]);
      const answers = await Promise.all(stores.map((each, by) => each.replaceMetadata('n', { by }, 1)));
      expect(answers.filter(Boolean)).toHaveLength(1);
    });
  });

  describe('statuses', () => {
    it('are stored per read model, the latest only', async () => {
      await store.writeStatus({ name: 'orders', generation: 1, status: 'catching-up' });
      await store.writeStatus({ name: 'items', generation: 1, status: 'live' });
      const error = { stream: 'order-1', revision: '3', reason: 'no' };
      await store.writeStatus({ name: 'orders', generation: 1, status: 'stopped', error });
      expect(await store.statuses()).toEqual([
        { name: 'items', generation: 1, status: 'live' },
        { name: 'orders', generation: 1, status: 'stopped', error },
      ]);
    });
  });

  it('responds to a ping while it is open', async () => {
    await expect(store.ping()).resolves.toBeUndefined();
  });
});
