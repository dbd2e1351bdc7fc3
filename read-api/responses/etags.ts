import { partsTag } from '../../platform/http/response/etags.ts';
import type { Projection } from '../../projections/projection.ts';
import type { Stored } from '../../read-store/read-store.ts';

/**
 * Returns the ETag of a document that no command compares: the generation, since a rebuild may change the document, and the
 * position of its newest event.
 */
export const documentEtag = (
  { generation }: { readonly generation: number },
  position: bigint | 'none',
): string => `"${generation}-${position}"`;

/**
 * Returns the ETag of a document with a stream of its own: the stream's revision, which commands compare by `part`, and the
 * position of the newest event in the document, which may belong to another stream. `more` is part of the ETag too.
 */
export const revisionEtag = (
  part: string,
  { version }: Projection,
  { position, body }: Stored<{ readonly revision: string }>,
  more: Readonly<Record<string, number>> = {},
): string => partsTag({ [part]: body.revision, at: position, v: version, ...more });
