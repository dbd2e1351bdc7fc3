import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IndexNotBuilt, UnknownIndex } from './errors.ts';
import type { Documents, Generation, ModelDeclaration, Query, ReadStore, Stored } from './read-store.ts';
import { adapters, type TestReadStore } from './testing/adapters.ts';
import { makeLive } from './testing/make-live.ts';

interface Book {
  readonly title: string;
  readonly words?: readonly string[];
  readonly year?: number;
  readonly price?: { readonly amount: number; readonly currency: string };
}

const books: ModelDeclaration = {
  name: 'books',
  indexes: [
    { name: 'byYear', fields: ['year', 'title'], direction: 'descending' },
    { name: 'byTitle', fields: ['title'], direction: 'ascending' },
    { name: 'byWord', fields: ['words', 'title'], direction: 'ascending', multi: true },
    { name: 'byPrice', fields: ['price.currency', 'price.amount'], direction: 'ascending' },
  ],
};

const at = (commit: bigint) => ({ commit, prepare: commit });
const book = (id: string, position: bigint, body: Book): Stored<Book> => ({ id, position, body });
const ids = (found: readonly Stored<unknown>[]) => found.map(({ id }) => id);

async function everything<Body>(documents: Documents<Body>): Promise<Stored<Body>[]> {
  const all: Stored<Body>[] = [];
  for await (const document of documents.all()) all.push(document);
  return all;
}

describe.each(adapters())('the read store on $name', ({ name, create }) => {
  let place: TestReadStore;
  let store: ReadStore;
  let generation: Generation<Book>;

  beforeEach(async () => {
    place = create();
    store = await place.open();
    generation = await store.generation<Book>(books, 1);
  });
  afterEach(() => place.dispose());

  describe('documents', () => {
    it('are read back, by this process and by another', async () => {
      const emma = book('emma', 10n, { title: 'Emma', year: 1815 });
      await generation.commit([emma], at(12n));
      await makeLive(store, books, 1);
      const elsewhere = await (await place.open()).live<Book>(books);
      for (const documents of [generation, elsewhere]) {
        expect(await documents.get('emma')).toEqual(emma);
        expect(await documents.get('persuasion')).toBeUndefined();
        expect(await documents.load(['persuasion', 'emma'])).toEqual(new Map([['emma', emma]]));
        expect(await documents.checkpoint()).toEqual(at(12n));
      }
    });

    it('are empty, without a checkpoint, before the first commit', async () => {
      const live = await store.live<Book>(books);
      expect(await store.liveGeneration('books')).toBe(0);
      expect(await live.checkpoint()).toBeUndefined();
      expect(await live.get('emma')).toBeUndefined();
      expect(await live.find({ index: 'byTitle', equals: [], limit: 5 })).toEqual([]);
      expect(await generation.checkpoint()).toBeUndefined();
    });

    it('are not overwritten by a write of an equal or older position', async () => {
      await generation.commit([book('emma', 10n, { title: 'Emma', year: 1815 })], at(10n));
      await generation.commit([book('emma', 10n, { title: 'other', year: 1 })], at(10n));
      await generation.commit([book('emma', 9n, { title: 'older', year: 2 })], at(9n));
      expect(await everything(generation)).toEqual([book('emma', 10n, { title: 'Emma', year: 1815 })]);
      expect(ids(await generation.find({ index: 'byYear', equals: [2], limit: 5 }))).toEqual([]);
    });

    it('are written by a late commit if they are new', async () => {
      await generation.commit([book('emma', 10n, { title: 'Emma' })], at(10n));
      await generation.commit(
        [book('emma', 5n, { title: 'late' }), book('sanditon', 6n, { title: 'Sanditon' })],
        at(6n),
      );
      expect((await everything(generation)).map(({ body }) => body.title)).toEqual(['Emma', 'Sanditon']);
      expect(await generation.checkpoint()).toEqual(at(10n));
    });

    it('keep exact positions beyond 2^53', async () => {
      const far = 9_007_199_254_740_993n;
      await generation.commit([book('emma', far, { title: 'Emma' })], { commit: far + 2n, prepare: far });
      await generation.commit([book('emma', far - 1n, { title: 'late' })], at(far - 1n));
      expect(await generation.get('emma')).toEqual(book('emma', far, { title: 'Emma' }));
      expect(await generation.checkpoint()).toEqual({ commit: far + 2n, prepare: far });
    });

    it('are read in order of id after a commit of many', async () => {
      const many = Array.from({ length: 600 }, (_, n) => book(`b${10_000 + n}`, 7n, { title: `t${n}` }));
      await generation.commit([...many].reverse(), at(7n));
      expect(ids(await everything(generation))).toEqual(ids(many));
      expect((await generation.load(ids(many))).size).toBe(600);
    });

    it('are rewritten by a commit of many, except those with a newer position', async () => {
      const many = (position: bigint, title: string) =>
        Array.from({ length: 150 }, (_, n) => book(`b${1_000 + n}`, position, { title }));
      await generation.commit(many(7n, 'first'), at(7n));
      await generation.commit([book('b1075', 9n, { title: 'ahead' })], at(7n));
      await generation.commit(many(8n, 'second'), at(8n));
      const titles = (await everything(generation)).map(({ body }) => body.title);
      expect(titles.filter((title) => title === 'second')).toHaveLength(149);
      expect(titles[75]).toBe('ahead');
    });

    it('keep a newer position that was written after a load did not find them', async () => {
      const sought = ['emma', 'sanditon', 'persuasion'];
      expect((await generation.load(sought)).size).toBe(0);
      const other = await (await place.open()).generation<Book>(books, 1);
      await other.commit(
        [book('emma', 10n, { title: 'theirs' }), book('sanditon', 4n, { title: 'theirs' })],
        at(10n),
      );
      await generation.commit(
        sought.map((id) => book(id, 6n, { title: 'ours' })),
        at(6n),
      );
      const loaded = await generation.load(sought);
      expect(sought.map((id) => loaded.get(id)?.body.title)).toEqual(['theirs', 'ours', 'ours']);
      await generation.commit([book('sanditon', 11n, { title: 'again' })], at(11n));
      expect((await generation.get('sanditon'))?.body.title).toBe('again');
    });

    it('are only inserted in a read model that grows', async () => {
      const grows = await store.generation<Book>({ ...books, name: 'log', growsOnly: true }, 1);
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
      const next = await store.generation<Book>(books, 2);
      await generation.commit([book('emma', 1n, { title: 'Emma' })], at(1n));
      await next.commit([book('emma', 1n, { title: 'EMMA' })], at(1n));
      await makeLive(store, books, 1);
      const before = await store.live<Book>(books);
      await makeLive(store, books, 2);
      const after = await store.live<Book>(books);
      expect((await before.get('emma'))?.body.title).toBe('Emma');
      expect((await after.get('emma'))?.body.title).toBe('EMMA');
    });
  });

  describe('queries', () => {
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
      ids(await generation.find({ limit: 50, ...query }));

    beforeEach(() => generation.commit(shelf, at(7n)));

    it('return index order, ties by id, without documents that lack a field', async () => {
      expect(await find({ index: 'byYear', equals: [] })).toEqual(['c', 'd', 'b', 'a']);
      expect(await find({ index: 'byPrice', equals: [] })).toEqual(['d', 'b', 'a']);
    });

    it('return the same result as JSON', async () => {
      const bodies = new Map(shelf.map(({ id, body }) => [id, body]));
      const told = async (query: Query) => {
        const { count, json } = await generation.findJson(query);
        return { count, bodies: JSON.parse(`[${json}]`) };
      };
      const asked = { index: 'byYear', equals: [], limit: 3 };
      expect(await told(asked)).toEqual({ count: 3, bodies: ['c', 'd', 'b'].map((id) => bodies.get(id)) });
      expect(await told({ ...asked, equals: [1900] })).toEqual({ count: 0, bodies: [] });
      await expect(generation.findJson({ ...asked, index: 'byNothing' })).rejects.toThrow();
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
      await generation.commit(
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
      await expect(generation.find({ ...query, limit: 5 })).rejects.toThrow(UnknownIndex);
    });

    it('use indexes that were declared later', async () => {
      const more: ModelDeclaration = {
        name: 'books',
        indexes: [{ name: 'byYearOnly', fields: ['year'], direction: 'ascending' }],
      };
      const reopened = await (await place.open()).generation<Book>(more, 1);
      expect(ids(await reopened.find({ index: 'byYearOnly', equals: [], limit: 9 }))).toEqual([
        'a',
        'b',
        'd',
        'c',
      ]);
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
      expect(await generation.checkpointEvents()).toEqual([]);
      const events = [seen('order-2', 12n), seen('order-1', 11n)];
      await generation.commit([], at(12n), events);
      await generation.commit([], at(11n), [seen('order-1', 11n)]);
      await makeLive(store, books, 1);
      const live = await (await place.open()).live<Book>(books);
      expect(await live.checkpointEvents()).toEqual(events);
    });

    it('stay unchanged when a commit has none', async () => {
      await generation.commit([], at(12n), [seen('order-2', 12n)]);
      await generation.commit([], at(15n));
      expect(await generation.checkpointEvents()).toEqual([seen('order-2', 12n)]);
      expect(await generation.checkpoint()).toEqual(at(15n));
    });
  });

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

  describe('notes', () => {
    it('are replaced only at the expected revision', async () => {
      const other = await place.open();
      expect(await store.note('n')).toBeUndefined();
      expect(await store.replaceNote('n', { a: 1 }, 0)).toBe(true);
      expect(await other.replaceNote('n', { a: 2 }, 0)).toBe(false);
      expect(await other.note('n')).toEqual({ revision: 1, body: { a: 1 } });
      expect(await other.replaceNote('n', { b: ['x', { c: 3 }] }, 1)).toBe(true);
      expect(await store.replaceNote('n', { a: 3 }, 1)).toBe(false);
      expect(await store.note('n')).toEqual({ revision: 2, body: { b: ['x', { c: 3 }] } });
      expect(await store.note('m')).toBeUndefined();
    });

    // FerretDB 1, which stands in for MongoDB in tests, finds and updates in two steps.
    it.runIf(name === 'SQLite')('of many who replace one at once, one does', async () => {
      await store.replaceNote('n', {}, 0);
      const stores = await Promise.all([place.open(), place.open(), place.open()]);
      const answers = await Promise.all(stores.map((each, by) => each.replaceNote('n', { by }, 1)));
      expect(answers.filter(Boolean)).toHaveLength(1);
    });
  });

  describe('generations', () => {
    it('are listed and dropped', async () => {
      const similar = { ...books, name: 'books-2' };
      await store.generation(similar, 1);
      await store.generation(books, 3);
      const emma = book('emma', 1n, { title: 'Emma' });
      await generation.commit([emma], at(1n));
      expect((await store.storedGenerations('books')).sort()).toEqual([1, 3]);
      await store.dropGeneration('books', 1);
      await store.dropGeneration('books', 1);
      expect(await store.storedGenerations('books')).toEqual([3]);
      expect(await store.storedGenerations('books-2')).toEqual([1]);
      const again = await (await place.open()).generation<Book>(books, 1);
      expect(await again.checkpoint()).toBeUndefined();
      expect(await everything(again)).toEqual([]);
    });

    it('stay readable for in-flight requests when another becomes live', async () => {
      const next = await store.generation<Book>(books, 2);
      await generation.commit([book('emma', 1n, { title: 'Emma' })], at(1n));
      await next.commit([book('emma', 1n, { title: 'EMMA' })], at(1n));
      await makeLive(store, books, 1);
      const elsewhere = await place.open();
      const underWay = await elsewhere.live<Book>(books);
      expect(underWay.generation).toBe(1);
      await makeLive(store, books, 2);
      expect((await underWay.get('emma'))?.body.title).toBe('Emma');
      expect((await elsewhere.live<Book>(books)).generation).toBe(2);
    });

    it('reject queries on an index that they lack, and serve the others', async () => {
      const [byYear] = books.indexes;
      const fewer = { name: 'books', indexes: byYear === undefined ? [] : [byYear] };
      const older = await store.generation<Book>(fewer, 4);
      await older.commit([book('emma', 1n, { title: 'Emma', year: 1815 })], at(1n));
      await makeLive(store, fewer, 4);
      const live = await (await place.open()).live<Book>(books);
      expect(ids(await live.find({ index: 'byYear', equals: [], limit: 5 }))).toEqual(['emma']);
      await expect(live.find({ index: 'byTitle', equals: [], limit: 5 })).rejects.toThrow(IndexNotBuilt);
    });

    it('are read from an id on', async () => {
      await generation.commit(
        ['a', 'b', 'c'].map((id) => book(id, 1n, { title: id })),
        at(1n),
      );
      const behind: string[] = [];
      for await (const { id } of generation.all('a')) behind.push(id);
      expect(behind).toEqual(['b', 'c']);
    });
  });

  describe('shared live documents', () => {
    const newest: Query = { index: 'byTitle', equals: [], limit: 10 };
    const seen = async (documents: Documents<Book>) => {
      const { count, json } = await documents.findJson(newest);
      return [documents.generation, await documents.get('emma'), count, json.toString()];
    };

    it.each([
      ['this process', async () => store],
      ['another', () => place.open()],
    ])('show by the next turn what %s has written', async (_, writers) => {
      const writer = await (await writers()).generation<Book>(books, 1);
      await makeLive(store, books, 1);
      for (let n = 1; n <= 10; n++) {
        await writer.commit([book('emma', BigInt(n), { title: `Emma ${n}` })], at(BigInt(n)));
        for (let reader = 0; reader < 3; reader++) {
          await nextTurn();
          const shared = await store.liveShared<Book>(books);
          expect((await shared.get('emma'))?.body.title).toBe(`Emma ${n}`);
          expect(await seen(shared)).toEqual(await seen(await store.live<Book>(books)));
        }
      }
    });

    it('belong by the next turn to the new live generation only', async () => {
      const next = await store.generation<Book>(books, 2);
      await generation.commit([book('emma', 1n, { title: 'Emma' })], at(1n));
      await next.commit([book('emma', 1n, { title: 'EMMA' })], at(1n));
      for (const number of [1, 2]) {
        await makeLive(store, books, number);
        await nextTurn();
        expect((await store.liveShared<Book>(books)).generation).toBe(number);
        expect(await seen(await store.liveShared<Book>(books))).toEqual(
          await seen(await store.live<Book>(books)),
        );
      }
    });

    it('are empty while no generation is live', async () => {
      expect(await seen(await store.liveShared<Book>(books))).toEqual([0, undefined, 0, '']);
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
