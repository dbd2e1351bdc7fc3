import type { Projection } from '../projection.ts';
import type { RecordedShopEvent, ShopEvent } from '../shop-event.ts';
import { singleDocument } from '../single-document.ts';
import type { PaymentDocument } from './document.ts';

/** One payment per order, with its refund. */
export const paymentsProjection: Projection<PaymentDocument, ShopEvent> = {
  name: 'payments',
  version: 1,
  indexes: [],
  ...singleDocument<PaymentDocument>(orderOf, (document, recorded) => {
    const change = changeOf(document, recorded);
    if (change === undefined || !('customerId' in recorded.event.data)) return undefined;
    const { orderId, customerId } = recorded.event.data;
    const { reason: _, ...before } = document ?? {};
    return {
      orderId,
      customerId,
      ...before,
      ...change,
      updatedAt: recorded.at.toISOString(),
      revision: recorded.revision.toString(),
    };
  }),
};

function orderOf(event: ShopEvent): string | undefined {
  switch (event.type) {
    case 'PaymentRequested':
    case 'PaymentCaptured':
    case 'PaymentDeclined':
    case 'PaymentFailed':
    case 'RefundRequested':
    case 'PaymentRefunded':
      return event.data.orderId;
    default:
      return undefined;
  }
}

type Change = Partial<PaymentDocument> & Pick<PaymentDocument, 'status'>;

function changeOf(
  document: PaymentDocument | undefined,
  { event, at }: RecordedShopEvent,
): Change | undefined {
  switch (event.type) {
    case 'PaymentRequested':
      return { status: 'requested', amount: event.data.amount, requestedAt: at.toISOString() };
    case 'PaymentCaptured': {
      const { amount, reference, capturedAt } = event.data;
      return { status: 'captured', amount, reference, capturedAt };
    }
    case 'PaymentDeclined':
      return { status: 'declined', reason: event.data.reason };
    case 'PaymentFailed':
      return { status: 'failed', reason: event.data.reason };
    case 'RefundRequested': {
      const { reason, requestedBy } = event.data;
      const refund = { reason, requestedBy, requestedAt: at.toISOString() };
      return document && { status: document.status, refund };
    }
    case 'PaymentRefunded': {
      const { amount, reason, reference, refundedAt } = event.data;
      return { status: 'refunded', amount, refund: { ...document?.refund, reason, reference, refundedAt } };
    }
    default:
      return undefined;
  }
}
