import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { readModels } from '../projections/read-models.ts';
import { keysOf } from './mongodb/index-query.ts';
import type { ModelDeclaration, ReadStore } from './read-store.ts';
import { Database, type SqlValue } from './sqlite/database.ts';
import { sqliteReadStore, type TestReadStore } from './testing/adapters.ts';
import { type Ask, everyQuery } from './testing/every-query.ts';
import { type Command, commandsOf, whyNoSearch } from './testing/mongo-commands.ts';

const asksOf = ({ name }: Pick<ModelDeclaration, 'name'>): readonly Ask[] =>
  Object.values(everyQuery[name] ?? {}).flat();
const queries = readModels.flatMap((model) =>
  Object.entries(everyQuery[model.name] ?? {}).flatMap(([name, asks]) =>
    asks.map((ask, number) => ({ name: `${model.name} ${name} ${number + 1}`, model, ask })),
  ),
);

describe('the list of queries is complete', () => {
  it.each(readModels.map(({ name }) => name))('contains every function of %s', async (model) => {
    const functions = await import(`../projections/${model}/queries.ts`);
    expect(Object.keys(everyQuery[model] ?? {}).sort()).toEqual(Object.keys(functions).sort());
  });

  it('no other file queries a read model', () => {
    const modules = ['bin', 'process-managers', 'projections', 'read-api', 'write-side'];
    const asking = modules.flatMap(sourcesIn).filter((file) => /\.find\(\{/.test(textOf(file)));
    expect(
      asking.filter((file) => !/^projections\/(documents\/page|[a-z]+\/queries)\.ts$/.test(file)),
    ).toEqual([]);
  });

  it.each(readModels)('contains a query for every index of $name', async (model) => {
    const commands = await Promise.all(asksOf(model).map((ask) => commandsOf(model, ask)));
    const walked = commands.flat().map(({ hint }) => JSON.stringify(hint));
    const idle = model.indexes.filter((index) => !walked.includes(JSON.stringify(keysOf(index))));
    expect(idle).toEqual([]);
  });
});

describe('on SQLite every query searches an index, without sorting', () => {
  let place: TestReadStore;
  let store: ReadStore;
  beforeAll(async () => {
    place = sqliteReadStore();
    store = await place.open();
  });
  afterEach(() => void vi.restoreAllMocks());
  afterAll(() => place.dispose());

  it.each(queries)('$name', async ({ model, ask }) => {
    const documents = await store.generation<never>(model, 1);
    const [all, get] = [vi.spyOn(Database.prototype, 'all'), vi.spyOn(Database.prototype, 'get')];
    await ask(documents);
    const statements = [...all.mock.calls, ...get.mock.calls] as [string, ...SqlValue[]][];
    const [database] = [...all.mock.contexts, ...get.mock.contexts] as Database[];
    expect(statements.length).toBeGreaterThan(0);
    for (const [sql, ...values] of statements) {
      const plan = database?.all(`EXPLAIN QUERY PLAN ${sql}`, ...values) ?? [];
      const [first, ...others] = plan.map((row) => String(row[3])).filter((step) => !isOfWhatWasFound(step));
      expect(first).toMatch(/^SEARCH \w+ USING (PRIMARY KEY|INDEX sqlite_autoindex_documents_1) \(/);
      for (const step of others) expect(step).not.toMatch(/SCAN|TEMP B-TREE|AUTOMATIC/);
    }
  });
});

describe('on MongoDB every query searches a declared index', () => {
  it.each(queries)('$name', async ({ model, ask }) => {
    const commands = await commandsOf(model, ask);
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.map((command) => whyNoSearch(model, command))).toEqual(commands.map(() => undefined));
  });

  const model: ModelDeclaration = {
    name: 'books',
    indexes: [{ name: 'byYear', fields: ['year', 'title'], direction: 'descending' }],
  };
  const good: Command = {
    filter: { $and: [{ 'body.year': 1815 }, { 'body.title': { $lte: 'Emma' } }] },
    sort: { 'body.title': -1, _id: -1 },
    limit: 5,
    hint: { 'body.year': -1, 'body.title': -1, _id: -1 },
  };
  it.each<[string, Partial<Command>, string | undefined]>([
    ['one that is', {}, undefined],
    ['without a limit', { limit: 0 }, 'it has no limit'],
    ['without a hint', { hint: undefined }, 'its hint is not the keys of a declared index'],
    [
      'an index of other keys',
      { hint: { 'body.title': -1 } },
      'its hint is not the keys of a declared index',
    ],
    ['a leading field left out', { filter: { 'body.title': 'Emma' } }, 'the equal fields do not lead'],
    ['another order', { sort: { _id: -1 } }, 'the order is not that of the rest of the index'],
    ['a scan', { filter: {}, sort: {}, hint: undefined }, 'its hint is not the keys of a declared index'],
    ['a pattern', { filter: { 'body.year': { $regex: '^18' } } }, 'no index serves $regex on body.year'],
    [
      'bounds further on',
      { filter: { $and: [{ 'body.year': 1815 }, { _id: { $lt: 'x' } }] } },
      'bounds are not on the first field of the order',
    ],
  ])('detects a bad query plan: %s', (_, change, why) => {
    expect(whyNoSearch(model, { ...good, ...change })).toBe(why);
  });
});

/** The ids that `load` was given, which SQLite reads as a table, and what `findJson` has found and puts together. */
const isOfWhatWasFound = (step: string): boolean =>
  /^(SCAN wanted VIRTUAL TABLE INDEX 1:|CO-ROUTINE \(subquery-1\)|SCAN \(subquery-1\))$/.test(step);

const root = join(import.meta.dirname, '..');
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const sourcesIn = (room: string): string[] =>
  readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .map((file) => `${room}/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.includes('/testing/'));
