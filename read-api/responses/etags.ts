/**
 * Returns the ETag of a document that no command compares: the generation, since a rebuild may change the document, and the
 * position of its newest event.
 */
export const documentEtag = (
  { generation }: { readonly generation: number },
  position: bigint | 'none',
): string => `"${generation}-${position}"`;
