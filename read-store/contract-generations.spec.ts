import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { IndexNotBuilt } from './errors.ts';
import type { Documents, Query } from './read-store.ts';
import { at, type Book, book, books, everything, ids } from './testing/books.ts';
import { describeReadStore } from './testing/contract.ts';
import { makeLive } from './testing/make-live.ts';

describeReadStore((test) => {
  describe('the generations of a read model', () => {
    it('are listed and dropped', async () => {
      const similar = { ...books, name: 'books-2' };
      await test.store.generation(similar, 1);
      await test.store.generation(books, 3);
      const emma = book('emma', 1n, { title: 'Emma' });
      await test.generation.commit([emma], at(1n));
      expect((await test.store.storedGenerations('books')).sort()).toEqual([1, 3]);
      await test.store.dropGeneration('books', 1);
      await test.store.dropGeneration('books', 1);
      expect(await test.store.storedGenerations('books')).toEqual([3]);
      expect(await test.store.storedGenerations('books-2')).toEqual([1]);
      const again = await (await test.place.open()).generation<Book>(books, 1);
      expect(await again.checkpoint()).toBeUndefined();
      expect(await everything(again)).toEqual([]);
    });

    it('stay readable for in-flight requests when another becomes live', async () => {
      const next = await test.store.generation<Book>(books, 2);
      await test.generation.commit([book('emma', 1n, { title: 'Emma' })], at(1n));
      await next.commit([book('emma', 1n, { title: 'EMMA' })], at(1n));
      await makeLive(test.store, books, 1);
      const elsewhere = await test.place.open();
      const underWay = await elsewhere.live<Book>(books);
      expect(underWay.generation).toBe(1);
      await makeLive(test.store, books, 2);
      expect((await underWay.get('emma'))?.body.title).toBe('Emma');
      expect((await elsewhere.live<Book>(books)).generation).toBe(2);
    });

    it('reject queries on an index that they lack, and serve the others', async () => {
      const [byYear] = books.indexes;
      const fewer = { name: 'books', indexes: byYear === undefined ? [] : [byYear] };
      const older = await test.store.generation<Book>(fewer, 4);
      await older.commit([book('emma', 1n, { title: 'Emma', year: 1815 })], at(1n));
      await makeLive(test.store, fewer, 4);
      const live = await (await test.place.open()).live<Book>(books);
      expect(ids(await live.find({ index: 'byYear', equals: [], limit: 5 }))).toEqual(['emma']);
      await expect(live.find({ index: 'byTitle', equals: [], limit: 5 })).rejects.toThrow(IndexNotBuilt);
    });

    it('are read in pages, each after an id', async () => {
      await test.generation.commit(
        ['a', 'b', 'c'].map((id) => book(id, 1n, { title: id })),
        at(1n),
      );
      expect(ids(await test.generation.page('a', 1))).toEqual(['b']);
      expect(ids(await test.generation.page('a', 500))).toEqual(['b', 'c']);
      expect(await test.generation.page('c', 500)).toEqual([]);
    });
  });

  describe('shared live documents', () => {
    const newest: Query = { index: 'byTitle', equals: [], limit: 10 };
    const seen = async (documents: Documents<Book>) => {
      const { count, json } = await documents.findJson(newest);
      return [documents.generation, await documents.get('emma'), count, json.toString()];
    };

    it.each([
      ['this process', async () => test.store],
      ['another', () => test.place.open()],
    ])('show by the next turn what %s has written', async (_, writers) => {
      const writer = await (await writers()).generation<Book>(books, 1);
      await makeLive(test.store, books, 1);
      for (let n = 1; n <= 10; n++) {
        await writer.commit([book('emma', BigInt(n), { title: `Emma ${n}` })], at(BigInt(n)));
        for (let reader = 0; reader < 3; reader++) {
          await nextTurn();
          const shared = await test.store.liveShared<Book>(books);
          expect((await shared.get('emma'))?.body.title).toBe(`Emma ${n}`);
          expect(await seen(shared)).toEqual(await seen(await test.store.live<Book>(books)));
        }
      }
    });

    it('belong by the next turn to the new live generation only', async () => {
      const next = await test.store.generation<Book>(books, 2);
      await test.generation.commit([book('emma', 1n, { title: 'Emma' })], at(1n));
      await next.commit([book('emma', 1n, { title: 'EMMA' })], at(1n));
      for (const number of [1, 2]) {
        await makeLive(test.store, books, number);
        await nextTurn();
        expect((await test.store.liveShared<Book>(books)).generation).toBe(number);
        expect(await seen(await test.store.liveShared<Book>(books))).toEqual(
          await seen(await test.store.live<Book>(books)),
        );
      }
    });

    it('are empty while no generation is live', async () => {
      expect(await seen(await test.store.liveShared<Book>(books))).toEqual([0, undefined, 0, '']);
    });
  });
});
