import { documentVersions } from '../../domain/kernel/document-versions.ts';
import { unhandled } from '../../domain/kernel/refusal.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import type { Projection } from '../projection.ts';
import type { ShopEvent } from '../shop-event.ts';
import { type OfType, singleDocument } from '../single-document.ts';
import type { PaymentDocument } from './document.ts';

const eventTypes = [
  'PaymentRequested',
  'PaymentCaptured',
  'PaymentDeclined',
  'PaymentFailed',
  'RefundRequested',
  'PaymentRefunded',
] as const;
type PaymentFact = OfType<(typeof eventTypes)[number]>;

const orderOf = ({ data }: PaymentFact): string => data.orderId;

/** One payment per order, with its refund. */
export const paymentsProjection: Projection<PaymentDocument, ShopEvent> = {
  name: 'payments',
  version: documentVersions.payment,
  indexes: [{ name: 'byStatus', fields: ['status', 'updatedAt'], direction: 'ascending' }],
  ...singleDocument(eventTypes, orderOf, (document: PaymentDocument | undefined, recorded) => {
    const change = changeOf(document, recorded);
    if (change === undefined) return undefined;
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

type Change = Partial<PaymentDocument> & Pick<PaymentDocument, 'status'>;

function changeOf(
  document: PaymentDocument | undefined,
  { event, at }: RecordedEvent<PaymentFact>,
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
      return unhandled(event);
  }
}
