import { documentVersions } from '../../domain/kernel/document-versions.ts';
import type { OrderId, ProductId } from '../../domain/kernel/ids.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import type { Position } from '../../event-store/recorded-event.ts';
import { inventoryStream, paymentStream, productStream } from '../../event-store/streams.ts';
import { partsTag } from '../../platform/http/etags.ts';
import { later, type Reached } from './answers.ts';

type Store = Pick<EventStore, 'readLast'>;

/** The ETag of an item, as the query API gives it: made of the revisions of its product and its stock. */
export const itemTag = (product: bigint | undefined, stock: bigint | undefined): string =>
  partsTag({ product, stock, v: documentVersions.item });

/** The ETag of an item whose product has just come to a revision. */
export const itemTagOfProduct = async (
  store: Store,
  productId: ProductId,
  revision: bigint | undefined,
): Promise<string> => itemTag(revision, (await store.readLast(inventoryStream(productId)))?.revision);

/** The ETag of an item whose stock has just come to a revision. */
export const itemTagOfStock = async (
  store: Store,
  productId: ProductId,
  revision: bigint | undefined,
): Promise<string> => itemTag((await store.readLast(productStream(productId)))?.revision, revision);

/** The ETag of an order, as the query API gives it: its revision, and how far what is shown of it has come in the log. */
export const orderTag = ({ revision, position }: Reached): string =>
  partsTag({ order: revision, at: position?.commit, v: documentVersions.order });

/** The same of an order that may have been paid for. */
export async function orderTagNow(
  store: Store,
  orderId: OrderId,
  revision: bigint | undefined,
  position: Position | undefined,
): Promise<string> {
  const payment = await store.readLast(paymentStream(orderId));
  return orderTag({ revision, position: later(position, payment?.position) });
}
