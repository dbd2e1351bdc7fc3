import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Libsql from 'libsql';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReadStoreFull, ReadStoreUnavailable, ReadStoreUnusable } from '../errors.ts';
import { openReadStore } from '../open-read-store.ts';
import type { IndexDeclaration, Query } from '../read-store.ts';
import { makeLive } from '../testing/make-live.ts';
import { Database } from './database.ts';
import { SqliteGeneration } from './generation.ts';
import { buildIndexQuery } from './index-query.ts';
import { GENERATION_SCHEMA } from './schema.ts';

const plain: IndexDeclaration = { name: 'plain', fields: ['a', 'b'], direction: 'ascending' };
const backwards: IndexDeclaration = { name: 'backwards', fields: ['a', 'b'], direction: 'descending' };
const multi: IndexDeclaration = {
  name: 'multi',
  fields: ['words', 'b'],
  direction: 'ascending',
  multi: true,
};
const model = { name: 'things', indexes: [plain, backwards, multi] };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orderstream-sqlite-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('runs every kind of query as one index search', () => {
  let database: Database;
  beforeEach(() => {
    database = new Database(join(folder, 'things-1.db'), GENERATION_SCHEMA);
    new SqliteGeneration(model, 1, database);
  });
  afterEach(() => database.close());

  const planOf = (sql: string, values: readonly (string | number | bigint | null)[]): string[] =>
    database.all(`EXPLAIN QUERY PLAN ${sql}`, ...values).map((row) => String(row[3]));

  const kinds: Omit<Query, 'index' | 'limit'>[] = [
    { equals: [] },
    { equals: ['x'] },
    { equals: ['x', 'y'] },
    { equals: [], from: 'x' },
    { equals: [], to: 'x' },
    { equals: ['x'], from: 'y', to: 'z' },
    { equals: [], after: ['x', 'y', 'id'] },
    { equals: ['x'], after: ['y', 'id'] },
    { equals: ['x', 'y'], after: ['id'] },
    { equals: ['x'], from: 'a', to: 'z', after: ['y', 'id'] },
  ];
  const walks = [
    ...[plain, backwards].flatMap((index) => kinds.map((kind) => ({ index, kind }))),
    ...kinds.filter(({ equals }) => equals.length > 0).map((kind) => ({ index: multi, kind })),
    { index: multi, kind: { equals: ['x'], alsoHas: ['y', 'z'], after: ['y', 'id'] } },
  ];

  it.each(walks)('$index.name $kind', ({ index, kind }) => {
    const { sql, values } = buildIndexQuery(index, { index: index.name, limit: 10, ...kind });
    const [walk, ...others] = planOf(sql, values);
    expect(walk).toMatch(/^SEARCH i USING PRIMARY KEY \(/);
    for (const step of others) expect(step).not.toMatch(/SCAN|TEMP B-TREE/);
  });

  it('includes the last entry of a page in the index search', () => {
    const [walk] = planOf(
      buildIndexQuery(plain, { index: 'plain', equals: ['x'], after: ['y', 'id'], limit: 1 }).sql,
      [],
    );
    expect(walk).toBe('SEARCH i USING PRIMARY KEY (f0=? AND (f1,id)>(?,?))');
  });
});

it('a live generation is empty while another process has created its file, but not its indexes', async () => {
  const store = await openReadStore(`sqlite:${folder}`);
  await makeLive(store, model, 1);
  const writer = new Database(join(folder, 'things-1.db'), GENERATION_SCHEMA);
  const find = async () => (await store.live(model)).find({ index: 'plain', equals: [], limit: 10 });
  expect(await find()).toEqual([]);

  const generation = new SqliteGeneration(model, 1, writer);
  const document = { id: 'one', position: 1n, body: { a: 'x', b: 'y' } };
  await generation.commit([document], { commit: 1n, prepare: 1n });
  expect(await find()).toEqual([document]);
  writer.close();
  await store.close();
});

describe('an unusable read store is reported in one sentence', () => {
  const opening = () => openReadStore(`sqlite:${folder}`);

  it.each(['postgres://x', 'sqlite:'])('the URL %s', async (url) => {
    await expect(openReadStore(url)).rejects.toThrow(ReadStoreUnusable);
  });

  it('when a file contains garbage', async () => {
    writeFileSync(join(folder, 'control.db'), 'garbage '.repeat(1000));
    await expect(opening()).rejects.toThrow(/control\.db is damaged, or not an SQLite file/);
  });

  it('when a file belongs to another program', async () => {
    const other = new Libsql(join(folder, 'control.db'));
    other.exec('CREATE TABLE cats (name)');
    other.close();
    await expect(opening()).rejects.toThrow(/not one of a read store/);
  });

  it('when a newer version wrote a file', async () => {
    await (await opening()).close();
    const newer = new Libsql(join(folder, 'control.db'));
    newer.exec('PRAGMA user_version = 9');
    newer.close();
    await expect(opening()).rejects.toThrow(/written by a newer version of orderstream \(layout 9\)/);
  });

  it('when an older version wrote a file', async () => {
    await (await opening()).close();
    const older = new Libsql(join(folder, 'control.db'));
    older.exec('PRAGMA user_version = 1');
    older.close();
    await expect(opening()).rejects.toThrow(/written by an older version of orderstream \(layout 1\)/);
  });

  it('when the folder is a file', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect(openReadStore(`sqlite:${file}`)).rejects.toThrow(/folder .* cannot be created or written/);
  });
});

it('the SQLite read store writes neither documents nor checkpoint when a commit fails midway', async () => {
  const database = new Database(join(folder, 'things-1.db'), GENERATION_SCHEMA);
  const generation = new SqliteGeneration<unknown>(model, 1, database);
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  const documents = [
    { id: 'good', position: 1n, body: { a: 'x' } },
    { id: 'bad', position: 1n, body: cyclic },
  ];
  await expect(generation.commit(documents, { commit: 1n, prepare: 1n })).rejects.toThrow(TypeError);
  expect(await generation.get('good')).toBeUndefined();
  expect(await generation.checkpoint()).toBeUndefined();
  await generation.commit(documents.slice(0, 1), { commit: 1n, prepare: 1n });
  expect(await generation.get('good')).toBeDefined();
  database.close();
});

it('the SQLite read store distinguishes a temporary disk fault from an unusable store', () => {
  const database = new Database(join(folder, 'things-1.db'), GENERATION_SCHEMA);
  database.exec('PRAGMA busy_timeout = 1');
  const other = new Libsql(join(folder, 'things-1.db'));
  other.exec('BEGIN IMMEDIATE');
  expect(() => database.transaction(() => 1)).toThrow(ReadStoreUnavailable);
  other.exec('COMMIT');
  other.close();
  expect(database.transaction(() => 1)).toBe(1);
  database.close();
});

it('the SQLite read store reports a full disk until there is room again, while reads succeed', async () => {
  const store = await openReadStore(`sqlite:${folder}`);
  const generation = await store.generation<object>(model, 1);
  await makeLive(store, model, 1);
  const commit = (id: string, at: bigint) =>
    generation.commit([{ id, position: at, body: { a: 'x', filler: 'x'.repeat(100_000) } }], {
      commit: at,
      prepare: at,
    });
  const statements = vi.spyOn(Database.prototype, 'run');
  await commit('first', 1n);
  const file = statements.mock.contexts.at(-1) as Database;
  statements.mockRestore();
  file.exec(`PRAGMA max_page_count = ${file.get('PRAGMA page_count')?.[0]}`);

  const full = new ReadStoreFull("the read store's disk is full");
  await expect(commit('second', 2n)).rejects.toThrow(full);
  await expect(store.ping()).rejects.toThrow(full);
  expect(await (await store.live<object>(model)).get('first')).toBeDefined();
  expect(await generation.checkpoint()).toEqual({ commit: 1n, prepare: 1n });
  file.exec('PRAGMA max_page_count = 100000');
  await store.ping();
  await commit('second', 2n);
  expect(await generation.get('second')).toBeDefined();
  await store.close();
});

it('the SQLite read store empties the write-ahead logs on close, also when another store had the files open', async () => {
  const [writer, reader] = [await openReadStore(`sqlite:${folder}`), await openReadStore(`sqlite:${folder}`)];
  const generation = await writer.generation<object>(model, 1);
  await makeLive(writer, model, 1);
  await generation.commit([{ id: 'x', position: 5n, body: { a: 'x' } }], { commit: 5n, prepare: 5n });
  expect(await (await reader.live<object>(model)).get('x')).toBeDefined();
  await writer.close();
  await reader.close();

  const logs = readdirSync(folder).filter((name) => name.endsWith('-wal'));
  expect(logs.filter((name) => statSync(join(folder, name)).size > 0)).toEqual([]);
  const again = await openReadStore(`sqlite:${folder}`);
  expect(await (await again.live<object>(model)).get('x')).toBeDefined();
  await again.close();
});

describe('a loaded document', () => {
  it('provides its JSON, which a copy does not', async () => {
    const database = new Database(join(folder, 'things-1.db'), GENERATION_SCHEMA);
    const generation = new SqliteGeneration<object>({ name: 'things', indexes: [] }, 1, database);
    const body = { a: 'é', b: [1, { c: null }] };
    await generation.commit([{ id: 'x', position: 5n, body }], { commit: 5n, prepare: 5n });
    const stored = await generation.get('x');
    expect(stored).toEqual({ id: 'x', position: 5n, body });
    expect(stored?.json).toBe(JSON.stringify(body));
    expect({ ...stored, body: { a: 'other' } }).not.toHaveProperty('json');
    database.close();
  });
});

it('the SQLite read store reads shared live documents once, until the file is written', async () => {
  const store = await openReadStore(`sqlite:${folder}`);
  const generation = await store.generation<object>(model, 1);
  await generation.commit([{ id: 'x', position: 5n, body: { a: 1, b: 1 } }], { commit: 5n, prepare: 5n });
  await makeLive(store, model, 1);
  const get = vi.spyOn(Database.prototype, 'get');
  const reads = async () => {
    get.mockClear();
    await nextTurn();
    const shared = await store.liveShared<object>(model);
    await shared.get('x');
    await shared.findJson({ index: 'plain', equals: [1], limit: 5 });
    return get.mock.calls.filter(([sql]) => sql.includes('documents')).length;
  };
  expect([await reads(), await reads()]).toEqual([2, 0]);
  await generation.commit([{ id: 'y', position: 6n, body: {} }], { commit: 6n, prepare: 6n });
  expect([await reads(), await reads()]).toEqual([2, 0]);
  get.mockRestore();
  await store.close();
});
