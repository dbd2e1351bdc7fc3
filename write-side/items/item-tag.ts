import { documentVersions } from '../../domain/kernel/document-versions.ts';
import type { ProductId } from '../../domain/kernel/ids.ts';
import { inventoryStream, productStream } from '../../event-catalogue/streams.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import { partsTag } from '../../platform/http/response/etags.ts';

type Store = Pick<EventStore, 'readLast'>;

/** Returns the ETag of an item as in the query API: the revisions of its product and its stock. */
export const itemTag = (product: bigint | undefined, stock: bigint | undefined): string =>
  partsTag({ product, stock, v: documentVersions.item });

/** Returns the ETag of an item after a command on its product. */
export const itemTagOfProduct = async (
  store: Store,
  productId: ProductId,
  revision: bigint | undefined,
): Promise<string> => itemTag(revision, (await store.readLast(inventoryStream(productId)))?.revision);

/** Returns the ETag of an item after a command on its stock. */
export const itemTagOfStock = async (
  store: Store,
  productId: ProductId,
  revision: bigint | undefined,
): Promise<string> => itemTag((await store.readLast(productStream(productId)))?.revision, revision);
