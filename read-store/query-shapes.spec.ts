import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Collection } from 'mongodb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { projections } from '../projections/registry.ts';
import type { GenerationPlace } from './mongodb/documents.ts';
import { MongoDocuments } from './mongodb/documents.ts';
import type { ControlDocument, StoredDocument } from './mongodb/stored-document.ts';
import { keysOf } from './mongodb/walk.ts';
import type { ModelDeclaration } from './read-store.ts';
import { Database, type SqlValue } from './sqlite/database.ts';
import { sqliteReadStore, type TestReadStore } from './testing/adapters.ts';
import { type Ask, everyQuery } from './testing/every-query.ts';

const root = join(import.meta.dirname, '..');
const rows = projections.flatMap((model) =>
  Object.entries(everyQuery[model.name] ?? {}).flatMap(([name, asks]) =>
    asks.map((ask, number) => ({ name: `${model.name} ${name} ${number + 1}`, model, ask })),
  ),
);

describe('the list of queries is whole', () => {
  test.each(projections.map(({ name }) => name))('every function of %s is in it', async (model) => {
    const functions = await import(`../projections/${model}/queries.ts`);
    expect(Object.keys(everyQuery[model] ?? {}).sort()).toEqual(Object.keys(functions).sort());
  });

  test('nobody else queries a read model', () => {
    const rooms = ['bin', 'projections', 'read-api', 'write-side'];
    const asking = rooms.flatMap((room) => sourcesIn(room).filter((file) => /\.find\(\{/.test(textOf(file))));
    for (const file of asking) expect(file).toMatch(/^projections\/(page|[a-z]+\/queries)\.ts$/);
  });

  test.each(projections)('every index of $name has a query that walks it', async (model) => {
    const walked = new Set<string>();
    for (const ask of asksOf(model))
      for (const { hint } of await commandsOf(model, ask)) walked.add(keysIn(hint));
    expect(model.indexes.filter((index) => !walked.has(keysIn(keysOf(index))))).toEqual([]);
  });
});

describe('on SQLite every query is a search', () => {
  let place: TestReadStore;
  beforeEach(() => {
    place = sqliteReadStore();
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await place.dispose();
  });

  test.each(rows)('$name', async ({ model, ask }) => {
    const documents = await (await place.open()).generation<never>(model, 1);
    const [all, get] = [vi.spyOn(Database.prototype, 'all'), vi.spyOn(Database.prototype, 'get')];
    await ask(documents);
    const statements = [...all.mock.calls, ...get.mock.calls] as [string, ...SqlValue[]][];
    const [database] = [...all.mock.contexts, ...get.mock.contexts];
    expect(statements.length).toBeGreaterThan(0);
    for (const [sql, ...values] of statements) {
      const plan = database?.all(`EXPLAIN QUERY PLAN ${sql}`, ...values) ?? [];
      const steps = plan.map((row) => String(row[3])).filter((step) => !isListOfIds(step));
      expect(steps[0]).toMatch(/^SEARCH \w+ USING (PRIMARY KEY|INDEX sqlite_autoindex_documents_1) \(/);
      for (const step of steps) expect(step).not.toMatch(/SCAN|TEMP B-TREE|AUTOMATIC/);
    }
  });
});

describe('on MongoDB every query is a search', () => {
  test.each(rows)('$name', async ({ model, ask }) => {
    const commands = await commandsOf(model, ask);
    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands) {
      if (isById(command)) continue;
      const index = model.indexes.map(keysOf).find((keys) => keysIn(keys) === keysIn(command.hint));
      if (index === undefined) throw new Error(`no index is declared with the keys ${keysIn(command.hint)}`);
      expect(Object.keys(index)).toEqual([...command.equal, ...Object.keys(command.sort)]);
      expect(Object.entries(index)).toEqual(expect.arrayContaining(Object.entries(command.sort)));
      expect(command.limit).toBeGreaterThan(0);
      // Bounds on the field where the order begins; of those behind it, no more than that they are there.
      for (const path of command.bounded) expect(path).toBe(Object.keys(command.sort)[0]);
      for (const path of command.typed) expect(Object.keys(command.sort)).toContain(path);
    }
  });

  test('and one that is none would be found out', async () => {
    const [orders] = projections;
    const wanted = { index: 'byStatus', equals: ['placed'], limit: 5 };
    const [command] = await commandsOf(orders as ModelDeclaration, (documents) => documents.find(wanted));
    expect(command).toMatchObject({
      equal: ['body.status'],
      typed: ['body.placedAt'],
      sort: { 'body.placedAt': -1, _id: -1 },
    });
  });
});

const asksOf = ({ name }: ModelDeclaration): readonly Ask[] => Object.values(everyQuery[name] ?? {}).flat();
const keysIn = (keys: unknown): string => JSON.stringify(Object.entries(keys ?? {}));
/** The ids that `load` was given, which SQLite reads as a table. */
const isListOfIds = (step: string): boolean => step === 'SCAN wanted VIRTUAL TABLE INDEX 1:';

/** What a command asks of the server, told apart by how an index serves it: equal fields first, then order and bounds. */
interface Command {
  readonly equal: readonly string[];
  readonly bounded: readonly string[];
  readonly typed: readonly string[];
  readonly sort: Readonly<Record<string, unknown>>;
  readonly limit: number;
  readonly hint: unknown;
}

const isById = ({ equal, sort, hint }: Command): boolean =>
  equal.join() === '_id' && Object.keys(sort).length === 0 && hint === undefined;

/** The commands that a query sends to a MongoDB, on which nothing is found. */
async function commandsOf(model: ModelDeclaration, ask: Ask): Promise<Command[]> {
  const sent: { filter: object; hint?: unknown; sort: Record<string, unknown>; limit: number }[] = [];
  const find = (filter: object, { hint }: { hint?: unknown } = {}) => {
    const command = { filter, hint, sort: {}, limit: 0 };
    sent.push(command);
    const cursor = {
      sort: (sort: Record<string, unknown>) => Object.assign(command, { sort }) && cursor,
      limit: (limit: number) => Object.assign(command, { limit }) && cursor,
      toArray: async () => [],
    };
    return cursor;
  };
  const findOne = async (filter: object) => find(filter) && null;
  const place: GenerationPlace = {
    documents: { find, findOne } as unknown as Collection<StoredDocument>,
    control: {} as Collection<ControlDocument>,
    checkpointId: 'checkpoint',
    generation: 1,
  };
  await ask(new MongoDocuments<never>(model, place));
  return sent.map(({ filter, ...rest }) => ({ ...rest, ...conditionsOf(filter) }));
}

function conditionsOf(filter: object): Pick<Command, 'equal' | 'bounded' | 'typed'> {
  const conditions = '$and' in filter ? (filter.$and as object[]) : [filter];
  const equal = new Set<string>();
  const bounded = new Set<string>();
  const typed = new Set<string>();
  for (const [path, value] of conditions.flatMap((condition) => Object.entries(condition))) {
    // Where to go on from: it narrows what its bound, a condition of its own, has found.
    if (path === '$or') continue;
    const operator = typeof value === 'object' && value !== null ? Object.keys(value).join() : '$eq';
    if (operator === '$eq' || operator === '$in') equal.add(path);
    else if (operator === '$type') typed.add(path);
    else if (/^\$(gte|lte|gt|lt)$/.test(operator)) bounded.add(path);
    else throw new Error(`no index serves ${operator} on ${path}`);
  }
  return { equal: [...equal], bounded: [...bounded], typed: [...typed] };
}

const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const sourcesIn = (room: string): string[] =>
  readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .map((file) => `${room}/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.includes('/testing/'));
