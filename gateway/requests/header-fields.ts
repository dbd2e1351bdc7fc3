import { hopByHop } from './hop-by-hop.ts';

/** Header fields by lower-case name; a field that was sent more than once has all its values. */
export type HeaderFields = Record<string, string | string[]>;

/**
 * Returns the fields of a message that go further, from its raw headers and its `Connection` field. A field that was sent
 * twice stays two. Without those for which `isDropped` returns true.
 */
export function forwardedFields(
  rawHeaders: readonly string[],
  connection: string | undefined,
  isDropped: (name: string) => boolean,
): HeaderFields {
  const ofConnection = hopByHop(connection);
  // Without a prototype: a field may be named `constructor`.
  const fields: HeaderFields = Object.create(null);
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    if (ofConnection.has(name) || isDropped(name)) continue;
    const value = rawHeaders[at + 1] ?? '';
    const known = fields[name];
    if (known === undefined) fields[name] = value;
    else if (typeof known === 'string') fields[name] = [known, value];
    else known.push(value);
  }
  return fields;
}
