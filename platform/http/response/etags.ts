/** An entity-tag (RFC 9110, 8.8.3) without its quotes. */
export interface EntityTag {
  readonly isWeak: boolean;
  readonly opaque: string;
}

const SEPARATOR = /[ \t]*(?:,[ \t]*)*/y;
const TAG = /(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"(?=[ \t]*(?:,|$))/y;

/** Parses `If-Match` or `If-None-Match`: `*` or tags. Undefined when the header is malformed. */
export function entityTags(header: string): '*' | readonly EntityTag[] | undefined {
  if (header.trim() === '*') return '*';
  const tags: EntityTag[] = [];
  for (let at = endOf(SEPARATOR, header, 0); at < header.length; at = endOf(SEPARATOR, header, at)) {
    TAG.lastIndex = at;
    const found = TAG.exec(header);
    if (found === null) return undefined;
    tags.push({ isWeak: found[1] !== undefined, opaque: found[2] ?? '' });
    at = TAG.lastIndex;
  }
  return tags.length === 0 ? undefined : tags;
}

function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  pattern.exec(text);
  return pattern.lastIndex;
}

/** Returns whether `If-None-Match` names the tag, by weak comparison (RFC 9110, 13.1.2). A malformed header names none. */
export function isNamedBy(ifNoneMatch: string, etag: string): boolean {
  const tags = entityTags(ifNoneMatch);
  return tags === '*' || (tags?.some(({ opaque }) => `"${opaque}"` === etag) ?? false);
}

/** The revision of one part of a resource: `none` while that part does not exist. */
export type PartRevision = bigint | string | undefined;

/** An ETag made of the revisions of a resource's parts, such as `"product-3.stock-none.v-2"`. */
export const partsTag = (parts: Readonly<Record<string, PartRevision | number>>): string =>
  `"${Object.entries(parts)
    .map(([name, revision]) => `${name}-${revision ?? NONE}`)
    .join('.')}"`;

const NONE = 'none';
const REVISION = /^\d{1,19}$/;

/**
 * Returns the revision of one part in an opaque tag: a tag from `partsTag`, or a bare revision. `none` when the part did
 * not exist; undefined when the tag does not name the part.
 */
export function revisionIn(opaque: string, part: string): bigint | 'none' | undefined {
  if (REVISION.test(opaque)) return BigInt(opaque);
  for (const named of opaque.split('.')) {
    if (!named.startsWith(`${part}-`)) continue;
    const revision = named.slice(part.length + 1);
    if (revision === NONE) return NONE;
    if (REVISION.test(revision)) return BigInt(revision);
  }
  return undefined;
}
