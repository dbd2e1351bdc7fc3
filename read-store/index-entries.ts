import type { IndexDeclaration, IndexValue } from './read-store.ts';

/** Returns the value at a path such as `total.currency`; undefined when the path does not exist. */
export function fieldAt(body: unknown, path: string): unknown {
  let value = body;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}

export const isIndexValue = (value: unknown): value is IndexValue =>
  typeof value === 'string' || typeof value === 'number';

/**
 * Returns the index entries of a document: the values of the index fields, in order; for a `multi` index, one entry for each
 * distinct element. Returns none when a field contains no index value.
 */
export function indexEntries({ fields, multi }: IndexDeclaration, body: unknown): IndexValue[][] {
  const [leadingField, ...otherFields] = fields;
  const leading = fieldAt(body, leadingField);
  const others: IndexValue[] = [];
  for (const field of otherFields) {
    const value = fieldAt(body, field);
    if (!isIndexValue(value)) return [];
    others.push(value);
  }
  if (multi !== true) return isIndexValue(leading) ? [[leading, ...others]] : [];
  if (!Array.isArray(leading)) return [];
  return [...new Set(leading.filter(isIndexValue))].map((element) => [element, ...others]);
}
