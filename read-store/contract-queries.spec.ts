import { beforeEach, describe, expect, it } from 'vitest';
import { UnknownIndex } from './errors.ts';
import type { ModelDeclaration, Query } from './read-store.ts';
import { at, type Book, book, ids } from './testing/books.ts';
import { describeReadStore } from './testing/contract.ts';

describeReadStore((test) => {
  describe('queries of a read store', () => {
    const shelf = [
      book('a', 1n, {
        title: 'Emma',
        year: 1815,
        words: ['emma', 'novel'],
        price: { amount: 5, currency: 'GBP' },
      }),
      book('b', 2n, {
        title: 'Emma',
        year: 1815,
        words: ['emma', 'cheap'],
        price: { amount: 3, currency: 'GBP' },
      }),
      book('c', 3n, { title: 'Lady Susan', year: 1871, words: ['novel', 'lady', 'novel'] }),
      book('d', 4n, { title: 'Persuasion', year: 1817, words: [], price: { amount: 4, currency: 'EUR' } }),
      book('e', 5n, { title: 'Sanditon' }),
      book('f', 6n, { title: '\u{1F4D6}' }),
      book('g', 7n, { title: '￮' }),
    ];
    const find = async (query: Omit<Query, 'limit'> & { limit?: number }) =>
      ids(await test.generation.find({ limit: 50, ...query }));

    beforeEach(() => test.generation.commit(shelf, at(7n)));

    it('return index order, ties by id, without documents that lack a field', async () => {
      expect(await find({ index: 'byYear', equals: [] })).toEqual(['c', 'd', 'b', 'a']);
      expect(await find({ index: 'byPrice', equals: [] })).toEqual(['d', 'b', 'a']);
    });

    it('return the same result as JSON', async () => {
      const bodies = new Map(shelf.map(({ id, body }) => [id, body]));
      const told = async (query: Query) => {
        const { count, json } = await test.generation.findJson(query);
        return { count, bodies: JSON.parse(`[${json}]`) };
      };
      const asked = { index: 'byYear', equals: [], limit: 3 };
      expect(await told(asked)).toEqual({ count: 3, bodies: ['c', 'd', 'b'].map((id) => bodies.get(id)) });
      expect(await told({ ...asked, equals: [1900] })).toEqual({ count: 0, bodies: [] });
      await expect(test.generation.findJson({ ...asked, index: 'byNothing' })).rejects.toThrow();
    });

    it('order text by code point', async () => {
      expect(await find({ index: 'byTitle', equals: [] })).toEqual(['a', 'b', 'c', 'd', 'e', 'g', 'f']);
    });

    it('filter by equal leading fields', async () => {
      expect(await find({ index: 'byYear', equals: [1815] })).toEqual(['b', 'a']);
      expect(await find({ index: 'byYear', equals: [1817, 'Persuasion'] })).toEqual(['d']);
      expect(await find({ index: 'byYear', equals: [1900] })).toEqual([]);
      expect(await find({ index: 'byPrice', equals: ['GBP'] })).toEqual(['b', 'a']);
    });

    it('respect bounds, both inclusive', async () => {
      expect(await find({ index: 'byYear', equals: [], from: 1816 })).toEqual(['c', 'd']);
      expect(await find({ index: 'byYear', equals: [], to: 1817 })).toEqual(['d', 'b', 'a']);
      expect(await find({ index: 'byYear', equals: [], from: 1815, to: 1817 })).toEqual(['d', 'b', 'a']);
      expect(await find({ index: 'byPrice', equals: ['GBP'], from: 4, to: 9 })).toEqual(['a']);
      expect(await find({ index: 'byTitle', equals: [], from: 'F', to: 'Q' })).toEqual(['c', 'd']);
    });

    it('continue after an entry, with any page size', async () => {
      expect(await find({ index: 'byYear', equals: [], after: [1815, 'Emma', 'b'] })).toEqual(['a']);
      expect(await find({ index: 'byYear', equals: [1815], after: ['Emma', 'b'] })).toEqual(['a']);
      expect(await find({ index: 'byTitle', equals: ['Emma'], after: ['a'] })).toEqual(['b']);
      expect(await find({ index: 'byTitle', equals: [], after: ['Emma', 'b'], limit: 2 })).toEqual([
        'c',
        'd',
      ]);
      expect(await find({ index: 'byYear', equals: [], after: [1816, 'x', 'x'] })).toEqual(['b', 'a']);
    });

    it('respect bounds after an entry, also after one outside of them', async () => {
      expect(await find({ index: 'byYear', equals: [], to: 1817, after: [1871, 'A', 'c'] })).toEqual([
        'd',
        'b',
        'a',
      ]);
      expect(
        await find({ index: 'byYear', equals: [], from: 1816, after: [1871, 'Lady Susan', 'c'] }),
      ).toEqual(['d']);
      expect(await find({ index: 'byTitle', equals: [], from: 'Q', after: ['A', 'a'], to: 'Z' })).toEqual([
        'e',
      ]);
    });

    it('read an index backwards, within bounds and after an entry', async () => {
      const backwards = true;
      expect(await find({ index: 'byYear', equals: [], backwards })).toEqual(['a', 'b', 'd', 'c']);
      expect(await find({ index: 'byYear', equals: [1815], backwards })).toEqual(['a', 'b']);
      expect(await find({ index: 'byPrice', equals: [], backwards })).toEqual(['a', 'b', 'd']);
      expect(await find({ index: 'byTitle', equals: [], backwards, limit: 2 })).toEqual(['f', 'g']);
      expect(await find({ index: 'byYear', equals: [], from: 1816, backwards })).toEqual(['d', 'c']);
      expect(await find({ index: 'byYear', equals: [], to: 1817, backwards })).toEqual(['a', 'b', 'd']);
      const behindOne = { index: 'byYear', equals: [], after: [1815, 'Emma', 'b'], backwards };
      expect(await find(behindOne)).toEqual(['d', 'c']);
      expect(await find({ ...behindOne, to: 1817 })).toEqual(['d']);
      expect(await find({ ...behindOne, after: [1, 'A', 'x'], from: 1816 })).toEqual(['d', 'c']);
      expect(await find({ index: 'byWord', equals: ['novel'], alsoHas: ['lady'], backwards })).toEqual(['c']);
    });

    it('find by the elements of an array, each document once', async () => {
      expect(await find({ index: 'byWord', equals: ['novel'] })).toEqual(['a', 'c']);
      expect(await find({ index: 'byWord', equals: ['novel'], alsoHas: ['emma'] })).toEqual(['a']);
      expect(await find({ index: 'byWord', equals: ['emma'], alsoHas: ['novel', 'cheap'] })).toEqual([]);
      expect(await find({ index: 'byWord', equals: ['novel'], after: ['Emma', 'a'] })).toEqual(['c']);
      expect(await find({ index: 'byWord', equals: ['novel'], from: 'F' })).toEqual(['c']);
    });

    it('follow changed documents', async () => {
      await test.generation.commit(
        [
          book('a', 8n, { title: 'Emma', year: 1816, words: ['emma', 'revised'] }),
          book('c', 8n, { title: 'Lady Susan', words: ['lady'] }),
        ],
        at(8n),
      );
      expect(await find({ index: 'byYear', equals: [] })).toEqual(['d', 'a', 'b']);
      expect(await find({ index: 'byWord', equals: ['novel'] })).toEqual([]);
      expect(await find({ index: 'byWord', equals: ['revised'] })).toEqual(['a']);
      expect(await find({ index: 'byPrice', equals: ['GBP'] })).toEqual(['b']);
    });

    it.each<[string, Omit<Query, 'limit'>]>([
      ['an index that is not declared', { index: 'byAuthor', equals: [] }],
      ['more values than fields', { index: 'byTitle', equals: ['a', 'b'] }],
      ['bounds behind the last field', { index: 'byTitle', equals: ['a'], from: 'b' }],
      ['a cursor of another length', { index: 'byYear', equals: [], after: [1815] }],
      ['an array index without an element', { index: 'byWord', equals: [] }],
      ['elements of a plain index', { index: 'byTitle', equals: ['Emma'], alsoHas: ['x'] }],
    ])('are rejected: %s', async (_, query) => {
      await expect(test.generation.find({ ...query, limit: 5 })).rejects.toThrow(UnknownIndex);
    });

    it('use indexes that were declared later', async () => {
      const more: ModelDeclaration = {
        name: 'books',
        indexes: [{ name: 'byYearOnly', fields: ['year'], direction: 'ascending' }],
      };
      const reopened = await (await test.place.open()).generation<Book>(more, 1);
      expect(ids(await reopened.find({ index: 'byYearOnly', equals: [], limit: 9 }))).toEqual([
        'a',
        'b',
        'd',
        'c',
      ]);
    });
  });
});
