import { z } from 'zod';
import { Amount } from '../documents/amount.ts';
import { type DocumentOf, Revision, Text, Time } from '../documents/document-schema.ts';
import * as example from '../documents/example-values.ts';

export const PaymentStatus = z.enum(['requested', 'captured', 'declined', 'failed', 'refunded']);
export type PaymentStatus = z.output<typeof PaymentStatus>;

/** An order's payment, stored as the query API returns it. It never contains the payment token. */
export const PaymentDocument = z
  .strictObject({
    orderId: Text,
    customerId: Text,
    status: PaymentStatus,
    /** Absent when the payment was cancelled before it was requested. */
    amount: Amount.optional(),
    /** The provider's id of the transaction. */
    reference: Text.optional(),
    /** Why it was declined or failed. */
    reason: Text.optional(),
    requestedAt: Time.optional(),
    capturedAt: Time.optional(),
    /** Requested; refunded once it has a reference. */
    refund: z
      .strictObject({
        reason: Text,
        requestedBy: Text.optional(),
        requestedAt: Time.optional(),
        reference: Text.optional(),
        refundedAt: Time.optional(),
      })
      .optional(),
    updatedAt: Time,
    /** Revision of the payment's stream. */
    revision: Revision,
  })
  .meta({
    example: {
      orderId: example.orderId,
      customerId: example.customerId,
      status: 'captured',
      amount: example.pounds(765),
      reference: 'pay_5f7c2d',
      requestedAt: '2026-01-31T12:00:00.090Z',
      capturedAt: example.capturedAt,
      updatedAt: '2026-01-31T12:00:00.130Z',
      revision: '1',
    },
  });
export type PaymentDocument = DocumentOf<typeof PaymentDocument>;
