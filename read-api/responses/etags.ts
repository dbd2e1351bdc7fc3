import { partsTag } from '../../platform/http/response/etags.ts';
import type { ItemDocument } from '../../projections/items/document.ts';
import { itemsProjection } from '../../projections/items/projection.ts';
import type { OrderDocument } from '../../projections/orders/document.ts';
import { ordersProjection } from '../../projections/orders/projection.ts';
import type { PaymentDocument } from '../../projections/payments/document.ts';
import { paymentsProjection } from '../../projections/payments/projection.ts';
import type { ShipmentDocument } from '../../projections/shipments/document.ts';
import { shipmentsProjection } from '../../projections/shipments/projection.ts';
import type { Stored } from '../../read-store/read-store.ts';

/** ETag of an item: the revisions of its product and its stock. The command API returns the same. */
export const itemEtag = ({ revision, stockRevision }: ItemDocument): string =>
  partsTag({ product: revision, stock: stockRevision, v: itemsProjection.version });

/**
 * ETag of an order: the revision that commands compare, and the position of the newest event in the document. That event
 * may be one of the payment or the shipment.
 */
export const orderEtag = ({ position, body }: Stored<OrderDocument>): string =>
  partsTag({ order: body.revision, at: position, v: ordersProjection.version });

export const paymentEtag = ({ position, body }: Stored<PaymentDocument>): string =>
  partsTag({ payment: body.revision, at: position, v: paymentsProjection.version });

export const shipmentEtag = ({ position, body }: Stored<ShipmentDocument>): string =>
  partsTag({ shipment: body.revision, at: position, v: shipmentsProjection.version });

/** ETag of a document that no command compares: its newest event, and its generation, since a rebuild may change it. */
export const documentEtag = (
  { generation }: { readonly generation: number },
  position: bigint | 'none',
): string => `"${generation}-${position}"`;
