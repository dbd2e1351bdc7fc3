import { describe, expect, it } from 'vitest';
import { at, type Book, book, books, everything, ids } from './testing/books.ts';
import { describeReadStore } from './testing/contract.ts';
import { makeLive } from './testing/make-live.ts';

describeReadStore((test) => {
  describe('the documents of a read store', () => {
    it('are read back, by this process and by another', async () => {
      const emma = book('emma', 10n, { title: 'Emma', year: 1815 });
      await test.generation.commit([emma], at(12n));
      await makeLive(test.store, books, 1);
      const elsewhere = await (await test.place.open()).live<Book>(books);
      for (const documents of [test.generation, elsewhere]) {
        expect(await documents.get('emma')).toEqual(emma);
        expect(await documents.get('persuasion')).toBeUndefined();
        expect(await documents.load(['persuasion', 'emma'])).toEqual(new Map([['emma', emma]]));
        expect(await documents.checkpoint()).toEqual(at(12n));
      }
    });

    it('are empty, without a checkpoint, before the first commit', async () => {
      const live = await test.store.live<Book>(books);
      expect(await test.store.liveGeneration('books')).toBe(0);
      expect(await live.checkpoint()).toBeUndefined();
      expect(await live.get('emma')).toBeUndefined();
      expect(await live.find({ index: 'byTitle', equals: [], limit: 5 })).toEqual([]);
      expect(await test.generation.checkpoint()).toBeUndefined();
    });

    it('are not overwritten by a write of an equal or older position', async () => {
      await test.generation.commit([book('emma', 10n, { title: 'Emma', year: 1815 })], at(10n));
      await test.generation.commit([book('emma', 10n, { title: 'other', year: 1 })], at(10n));
      await test.generation.commit([book('emma', 9n, { title: 'older', year: 2 })], at(9n));
      expect(await everything(test.generation)).toEqual([book('emma', 10n, { title: 'Emma', year: 1815 })]);
      expect(ids(await test.generation.find({ index: 'byYear', equals: [2], limit: 5 }))).toEqual([]);
    });

    it('are written by a late commit if they are new', async () => {
      await test.generation.commit([book('emma', 10n, { title: 'Emma' })], at(10n));
      await test.generation.commit(
        [book('emma', 5n, { title: 'late' }), book('sanditon', 6n, { title: 'Sanditon' })],
        at(6n),
      );
      expect((await everything(test.generation)).map(({ body }) => body.title)).toEqual(['Emma', 'Sanditon']);
      expect(await test.generation.checkpoint()).toEqual(at(10n));
    });

    it('keep exact positions beyond 2^53', async () => {
      const far = 9_007_199_254_740_993n;
      await test.generation.commit([book('emma', far, { title: 'Emma' })], {
        commit: far + 2n,
        prepare: far,
      });
      await test.generation.commit([book('emma', far - 1n, { title: 'late' })], at(far - 1n));
      expect(await test.generation.get('emma')).toEqual(book('emma', far, { title: 'Emma' }));
      expect(await test.generation.checkpoint()).toEqual({ commit: far + 2n, prepare: far });
    });

    it('are read in order of id after a commit of many', async () => {
      const many = Array.from({ length: 600 }, (_, n) => book(`b${10_000 + n}`, 7n, { title: `t${n}` }));
      await test.generation.commit([...many].reverse(), at(7n));
      expect(ids(await everything(test.generation))).toEqual(ids(many));
      expect((await test.generation.load(ids(many))).size).toBe(600);
    });

    it('are rewritten by a commit of many, except those with a newer position', async () => {
      const many = (position: bigint, title: string) =>
        Array.from({ length: 150 }, (_, n) => book(`b${1_000 + n}`, position, { title }));
      await test.generation.commit(many(7n, 'first'), at(7n));
      await test.generation.commit([book('b1075', 9n, { title: 'ahead' })], at(7n));
      await test.generation.commit(many(8n, 'second'), at(8n));
      const titles = (await everything(test.generation)).map(({ body }) => body.title);
      expect(titles.filter((title) => title === 'second')).toHaveLength(149);
      expect(titles[75]).toBe('ahead');
    });

    it('keep a newer position that was written after a load did not find them', async () => {
      const sought = ['emma', 'sanditon', 'persuasion'];
      expect((await test.generation.load(sought)).size).toBe(0);
      const other = await (await test.place.open()).generation<Book>(books, 1);
      await other.commit(
        [book('emma', 10n, { title: 'theirs' }), book('sanditon', 4n, { title: 'theirs' })],
        at(10n),
      );
      await test.generation.commit(
        sought.map((id) => book(id, 6n, { title: 'ours' })),
        at(6n),
      );
      const loaded = await test.generation.load(sought);
      expect(sought.map((id) => loaded.get(id)?.body.title)).toEqual(['theirs', 'ours', 'ours']);
      await test.generation.commit([book('sanditon', 11n, { title: 'again' })], at(11n));
      expect((await test.generation.get('sanditon'))?.body.title).toBe('again');
    });

    // FerretDB 1, which stands in for MongoDB in tests, compares and updates in two steps.
    it.runIf(test.adapter === 'SQLite')(
      'have the later checkpoint of two processes that write the first one',
      async () => {
        const other = await (await test.place.open()).generation<Book>(books, 1);
        await Promise.all([
          test.generation.commit([], at(5n)),
          other.commit([], at(9n)),
          test.generation.commit([], at(7n)),
        ]);
        expect(await test.generation.checkpoint()).toEqual(at(9n));
      },
    );

    it('are only inserted in a read model that grows', async () => {
      const grows = await test.store.generation<Book>({ ...books, name: 'log', growsOnly: true }, 1);
      await grows.commit([book('a', 1n, { title: 'A' }), book('c', 3n, { title: 'C' })], at(3n));
      await grows.commit(
        [
          book('a', 1n, { title: 'A' }),
          book('b', 2n, { title: 'B' }),
          book('c', 3n, { title: 'C' }),
          book('d', 4n, { title: 'D' }),
        ],
        at(4n),
      );
      expect(ids(await grows.find({ index: 'byTitle', equals: [], limit: 9 }))).toEqual(['a', 'b', 'c', 'd']);
      expect((await everything(grows)).map(({ position }) => position)).toEqual([1n, 2n, 3n, 4n]);
    });

    it('are separate in each generation', async () => {
      const next = await test.store.generation<Book>(books, 2);
      await test.generation.commit([book('emma', 1n, { title: 'Emma' })], at(1n));
      await next.commit([book('emma', 1n, { title: 'EMMA' })], at(1n));
      await makeLive(test.store, books, 1);
      const before = await test.store.live<Book>(books);
      await makeLive(test.store, books, 2);
      const after = await test.store.live<Book>(books);
      expect((await before.get('emma'))?.body.title).toBe('Emma');
      expect((await after.get('emma'))?.body.title).toBe('EMMA');
    });
  });

  describe('checkpoint events', () => {
    const seen = (stream: string, commit: bigint) => ({
      stream,
      revision: 3n,
      id: `${stream}@3`,
      position: at(commit),
    });

    it('are those of the last commit of the checkpoint', async () => {
      expect(await test.generation.checkpointEvents()).toEqual([]);
      const events = [seen('order-2', 12n), seen('order-1', 11n)];
      await test.generation.commit([], at(12n), events);
      await test.generation.commit([], at(11n), [seen('order-1', 11n)]);
      await makeLive(test.store, books, 1);
      const live = await (await test.place.open()).live<Book>(books);
      expect(await live.checkpointEvents()).toEqual(events);
    });

    it('stay unchanged when a commit has none', async () => {
      await test.generation.commit([], at(12n), [seen('order-2', 12n)]);
      await test.generation.commit([], at(15n));
      expect(await test.generation.checkpointEvents()).toEqual([seen('order-2', 12n)]);
      expect(await test.generation.checkpoint()).toEqual(at(15n));
    });
  });
});
