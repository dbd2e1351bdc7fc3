import type { GenerationPlace } from '../mongodb/documents.ts';
import { MongoDocuments } from '../mongodb/documents.ts';
import { keysOf } from '../mongodb/index-query.ts';
import type { ModelDeclaration } from '../read-store.ts';
import type { Ask } from './every-query.ts';

/** A reading command, as a MongoDB is sent it. */
export interface Command {
  readonly filter: object;
  readonly sort: Readonly<Record<string, unknown>>;
  readonly limit: number;
  readonly hint: unknown;
}

/** The commands that a query sends to a MongoDB on which nothing is found. */
export async function commandsOf(model: ModelDeclaration, ask: Ask): Promise<Command[]> {
  const sent: Command[] = [];
  const find = (filter: object, { hint }: { hint?: unknown } = {}) => {
    const command = { filter, sort: {}, limit: 0, hint };
    sent.push(command);
    const cursor = {
      sort: (sort: object) => Object.assign(command, { sort }) && cursor,
      limit: (limit: number) => Object.assign(command, { limit }) && cursor,
      toArray: async () => [],
    };
    return cursor;
  };
  const findOne = async (filter: object) => find(filter) && null;
  const place = { documents: { find, findOne } } as unknown as GenerationPlace;
  await ask(new MongoDocuments<never>(model, place));
  return sent;
}

/**
 * Why a command is not one search along a declared index: its fields are to be those of the filter that are equal, then
 * those of the order, all of them, and bounds are to be on the first of the order. Undefined when it is one.
 */
export function whyNoSearch({ indexes }: ModelDeclaration, command: Command): string | undefined {
  const { equal, bounded, present, others } = conditionsOf(command.filter);
  if (others.length > 0) return `no index serves ${others.join()}`;
  const order = Object.entries(command.sort);
  if (equal.join() === '_id' && order.length === 0) return undefined;
  const index = indexes.map(keysOf).find((keys) => isSame(keys, command.hint));
  if (index === undefined) return 'its hint is not the keys of a declared index';
  const keys = Object.entries(index);
  if (
    !isSame(
      keys.slice(0, equal.length).map(([path]) => path),
      equal,
    )
  )
    return 'the equal fields do not lead';
  const rest = keys.slice(equal.length);
  const backwards = order.map(([path, direction]) => [path, -Number(direction)]);
  if (!isSame(rest, order) && !isSame(rest, backwards))
    return 'the order is not that of the rest of the index';
  if (bounded.some((path) => path !== order[0]?.[0])) return 'bounds are not on the first field of the order';
  if (present.some((path) => command.sort[path] === undefined)) return 'a field is to be there, out of order';
  return command.limit > 0 ? undefined : 'it has no limit';
}

interface Conditions {
  readonly equal: readonly string[];
  readonly bounded: readonly string[];
  /** Only to be there: in the index at all. */
  readonly present: readonly string[];
  readonly others: readonly string[];
}

function conditionsOf(filter: object): Conditions {
  const found = { equal: new Set<string>(), bounded: new Set<string>(), present: new Set<string>() };
  const others: string[] = [];
  const conditions = '$and' in filter ? (filter.$and as object[]) : [filter];
  for (const [path, value] of conditions.flatMap((condition) => Object.entries(condition))) {
    const operator = typeof value === 'object' && value !== null ? Object.keys(value).join() : '$eq';
    if (/^\$(eq|in)$/.test(operator)) found.equal.add(path);
    else if (/^\$[gl]te?$/.test(operator)) found.bounded.add(path);
    else if (operator === '$type') found.present.add(path);
    // Where to go on from: it narrows what a bound of its own has found.
    else if (path !== '$or') others.push(`${operator} on ${path}`);
  }
  return { equal: [...found.equal], bounded: [...found.bounded], present: [...found.present], others };
}

const isSame = (a: unknown, b: unknown): boolean => inOrder(a) === inOrder(b);
/** Keys have an order in an index. */
const inOrder = (keys: unknown): string =>
  JSON.stringify(Array.isArray(keys) ? keys : Object.entries(keys ?? {}));
