import { documentVersions } from '../../domain/kernel/document-versions.ts';
import type { OrderId } from '../../domain/kernel/ids.ts';
import { paymentStream } from '../../event-catalogue/streams.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import { partsTag } from '../../platform/http/response/etags.ts';
import { later, type Reached } from '../http/command-response.ts';

/** Returns the ETag of an order as in the query API: its revision, and the position of its newest event shown there. */
export const orderTag = ({ revision, position }: Reached): string =>
  partsTag({ order: revision, at: position?.commit, v: documentVersions.order });

/** Returns the ETag of an order that may have a payment, whose events the query API shows too. */
export async function orderTagWithPayment(
  store: Pick<EventStore, 'readLast'>,
  orderId: OrderId,
  { revision, position }: Reached,
): Promise<string> {
  const payment = await store.readLast(paymentStream(orderId));
  return orderTag({ revision, position: later(position, payment?.position) });
}
