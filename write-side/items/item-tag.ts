import { documentVersions } from '../../domain/kernel/document-versions.ts';
import { partsTag } from '../../platform/http/response/etags.ts';

/** Returns the ETag of an item as in the query API: the revisions of its product and its stock. */
export const itemTag = (product: bigint | undefined, stock: bigint | undefined): string =>
  partsTag({ product, stock, v: documentVersions.item });
