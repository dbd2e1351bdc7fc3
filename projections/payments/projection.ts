import { documentVersions } from '../../domain/kernel/document-versions.ts';
import type { PaymentEvent } from '../../domain/payment/events.ts';
import { type DocumentHandler, defineDocumentProjection } from '../define-projection.ts';
import { PaymentDocument } from './document.ts';

/** One payment per order, with its refund. */
export const paymentsProjection = defineDocumentProjection({
  name: 'payments',
  version: documentVersions.payment,
  document: PaymentDocument,
  indexes: [{ name: 'byStatus', fields: ['status', 'updatedAt'], direction: 'ascending' }],
  documentId: ({ event }) => event.data.orderId,
  on: {
    PaymentRequested: change(({ amount }, _, at) => ({ status: 'requested', amount, requestedAt: at })),
    PaymentCaptured: change(({ amount, reference, capturedAt }) => ({
      status: 'captured',
      amount,
      reference,
      capturedAt,
    })),
    PaymentDeclined: change(({ reason }) => ({ status: 'declined', reason })),
    PaymentFailed: change(({ reason }) => ({ status: 'failed', reason })),
    RefundRequested: change(
      ({ reason, requestedBy }, payment, at) =>
        payment && { status: payment.status, refund: { reason, requestedBy, requestedAt: at } },
    ),
    PaymentRefunded: change(({ amount, reason, reference, refundedAt }, payment) => ({
      status: 'refunded',
      amount,
      refund: { ...payment?.refund, reason, reference, refundedAt },
    })),
  },
});

type Change = Partial<PaymentDocument> & Pick<PaymentDocument, 'status'>;

/** Returns a handler that changes a payment by the data of an event and the time of its recording. */
function change<Event extends PaymentEvent>(
  changeOf: (data: Event['data'], payment: PaymentDocument | undefined, at: string) => Change | undefined,
): DocumentHandler<PaymentDocument, Event> {
  return (payment, { event, at, revision }) => {
    const updatedAt = at.toISOString();
    const changed = changeOf(event.data, payment, updatedAt);
    if (changed === undefined) return undefined;
    const { orderId, customerId } = event.data;
    const { reason: _, ...before } = payment ?? {};
    return { orderId, customerId, ...before, ...changed, updatedAt, revision: revision.toString() };
  };
}
