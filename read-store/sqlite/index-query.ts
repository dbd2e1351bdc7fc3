import type { IndexDeclaration, Query } from '../read-store.ts';
import type { SqlValue } from './database.ts';
import { column, indexTable } from './schema.ts';

export interface IndexQuery {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** Lower than every number and text: a query without bounds still uses the index. */
const LOWEST = '-9e999';

/** Converts a query, checked against the index, to SQL: a search in the index table, then each document by id. */
export function buildIndexQuery(index: IndexDeclaration, query: Query): IndexQuery {
  const { equals, alsoHas = [], after, limit } = query;
  const ascending = (index.direction === 'ascending') !== (query.backwards === true);
  const rest = index.fields.slice(equals.length).map((_, field) => `i.${column(equals.length + field)}`);
  const order = [...rest, 'i.id'];
  const values: SqlValue[] = [...equals];
  const where = equals.map((_, field) => `i.${column(field)} = ?`);

  const bounded = rest[0];
  for (const [operator, bound, isStart] of [
    ['>=', query.from, ascending],
    ['<=', query.to, !ascending],
  ] as const) {
    if (bound === undefined || bounded === undefined) continue;
    // The unary plus makes SQLite use `after` as the start of the range.
    where.push(`${isStart && after !== undefined ? '+' : ''}${bounded} ${operator} ?`);
    values.push(bound);
  }
  if (after !== undefined) {
    where.push(`(${order.join(', ')}) ${ascending ? '>' : '<'} (${order.map(() => '?').join(', ')})`);
    values.push(...after);
  }
  if (where.length === 0) where.push(`i.${column(0)} >= ${LOWEST}`);

  for (const element of alsoHas) {
    const same = index.fields.slice(1).map((_, field) => `o.${column(field + 1)} = i.${column(field + 1)}`);
    const entry = [`o.${column(0)} = ?`, ...same, 'o.id = i.id'].join(' AND ');
    where.push(`EXISTS (SELECT 1 FROM ${indexTable(index)} AS o WHERE ${entry})`);
    values.push(element);
  }
  const direction = ascending ? 'ASC' : 'DESC';
  const sql =
    `SELECT d.id, d.position, d.body FROM ${indexTable(index)} AS i CROSS JOIN documents AS d ON d.id = i.id ` +
    `WHERE ${where.join(' AND ')} ORDER BY ${order.map((part) => `${part} ${direction}`).join(', ')} LIMIT ?`;
  return { sql, values: [...values, limit] };
}
