import { documentVersions } from '../domain/kernel/document-versions.ts';
import type { OrderId, ProductId } from '../domain/kernel/ids.ts';
import { inventoryStream, paymentStream, productStream } from '../event-catalogue/streams.ts';
import type { Position } from '../event-store/codec/recorded-event.ts';
import type { EventStore } from '../event-store/event-store.ts';
import { partsTag } from '../platform/http/response/etags.ts';
import { later, type Reached } from './responses.ts';

type Store = Pick<EventStore, 'readLast'>;

/** Returns the ETag of an item, the same as in the query API: the revisions of its product and its stock. */
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

/** Returns the ETag of an order, the same as in the query API: its revision, and the position of its newest shown event. */
export const orderTag = ({ revision, position }: Reached): string =>
  partsTag({ order: revision, at: position?.commit, v: documentVersions.order });

/** Like `orderTag`, for an order that may have events of its payment. */
export async function orderTagNow(
  store: Store,
  orderId: OrderId,
  revision: bigint | undefined,
  position: Position | undefined,
): Promise<string> {
  const payment = await store.readLast(paymentStream(orderId));
  return orderTag({ revision, position: later(position, payment?.position) });
}
