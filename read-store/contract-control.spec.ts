import { describe, expect, it } from 'vitest';
import { describeReadStore } from './testing/contract.ts';

describeReadStore((test) => {
  describe('the identity of a read store', () => {
    it('is recorded once', async () => {
      expect(await test.store.claimIdentity('first')).toBe('first');
      expect(await (await test.place.open()).claimIdentity('second')).toBe('first');
    });
  });

  describe('the lease of the projector', () => {
    const wanted = (owner: string, beat = 1) => ({ owner, url: `http://${owner}`, beat });

    it('has one owner who can renew it, and is free once released', async () => {
      const other = await test.place.open();
      const first = await test.store.takeLease('projector', wanted('one'));
      expect(first).toMatchObject({ owner: 'one', url: 'http://one' });
      expect(await other.takeLease('projector', wanted('two'))).toEqual(first);
      const renewed = await test.store.takeLease('projector', wanted('one', 2));
      expect(renewed).toEqual(wanted('one', 2));
      expect(await other.currentLease('projector')).toEqual(renewed);
      await other.releaseLease('projector', 'two');
      expect(await test.store.currentLease('projector')).toEqual(renewed);
      await test.store.releaseLease('projector', 'one');
      expect(await test.store.currentLease('projector')).toBeUndefined();
      expect(await other.takeLease('projector', wanted('two'))).toMatchObject({ owner: 'two' });
    });

    it('is taken from an owner that has not renewed it since it was read', async () => {
      const silent = await test.store.takeLease('projector', wanted('one', 5));
      expect(await test.store.takeLease('projector', wanted('two', 1), silent)).toEqual(wanted('two', 1));
    });

    it('stays with an owner that has renewed it since it was read', async () => {
      const seen = await test.store.takeLease('projector', wanted('one', 5));
      await test.store.takeLease('projector', wanted('one', 6));
      expect(await test.store.takeLease('projector', wanted('two', 9), seen)).toEqual(wanted('one', 6));
    });

    it('is taken by only one of two that read the same silent owner', async () => {
      const other = await test.place.open();
      const silent = await test.store.takeLease('projector', wanted('one', 5));
      await Promise.all([
        test.store.takeLease('projector', wanted('two', 1), silent),
        other.takeLease('projector', wanted('three', 1), silent),
      ]);
      const renewed = [
        await test.store.takeLease('projector', wanted('two', 2)),
        await other.takeLease('projector', wanted('three', 2)),
      ];
      expect(new Set(renewed.map(({ owner }) => owner)).size).toBe(1);
      expect(['two', 'three']).toContain(renewed[0]?.owner);
    });

    it('goes to one of many concurrent requests', async () => {
      const stores = await Promise.all([test.place.open(), test.place.open(), test.place.open()]);
      const answers = await Promise.all(
        stores.map((each, n) => each.takeLease('projector', wanted(`owner-${n}`))),
      );
      expect(new Set(answers.map(({ owner }) => owner)).size).toBe(1);
    });
  });

  describe('the metadata of a read model', () => {
    it('is replaced only at the expected revision', async () => {
      const other = await test.place.open();
      expect(await test.store.metadata('n')).toBeUndefined();
      expect(await test.store.replaceMetadata('n', { a: 1 }, 0)).toBe(true);
      expect(await other.replaceMetadata('n', { a: 2 }, 0)).toBe(false);
      expect(await other.metadata('n')).toEqual({ revision: 1, body: { a: 1 } });
      expect(await other.replaceMetadata('n', { b: ['x', { c: 3 }] }, 1)).toBe(true);
      expect(await test.store.replaceMetadata('n', { a: 3 }, 1)).toBe(false);
      expect(await test.store.metadata('n')).toEqual({ revision: 2, body: { b: ['x', { c: 3 }] } });
      expect(await test.store.metadata('m')).toBeUndefined();
    });

    // FerretDB 1, which stands in for MongoDB in tests, finds and updates in two steps.
    it.runIf(test.adapter === 'SQLite')('is replaced by one of many concurrent writers', async () => {
      await test.store.replaceMetadata('n', {}, 0);
      const stores = await Promise.all([test.place.open(), test.place.open(), test.place.open()]);
      const answers = await Promise.all(stores.map((each, by) => each.replaceMetadata('n', { by }, 1)));
      expect(answers.filter(Boolean)).toHaveLength(1);
    });
  });

  describe('the statuses of the read models', () => {
    it('are stored per read model, the latest only', async () => {
      await test.store.writeStatus({ name: 'orders', generation: 1, status: 'catching-up' });
      await test.store.writeStatus({ name: 'items', generation: 1, status: 'live' });
      const error = { stream: 'order-1', revision: '3', reason: 'no' };
      await test.store.writeStatus({ name: 'orders', generation: 1, status: 'stopped', error });
      expect(await test.store.statuses()).toEqual([
        { name: 'items', generation: 1, status: 'live' },
        { name: 'orders', generation: 1, status: 'stopped', error },
      ]);
    });
  });

  it('the read store responds to a ping while it is open', async () => {
    await expect(test.store.ping()).resolves.toBeUndefined();
  });
});
