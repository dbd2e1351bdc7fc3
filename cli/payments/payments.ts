import { type ChangeOptions, type ListOptions, openCli, type ServerOptions } from '../cli.ts';
import { pathPart } from '../http/answer.ts';
import { type Amount, describeAmount } from '../output/amounts.ts';
import { statusStyle } from '../output/styles.ts';
import { type Column, fields } from '../output/table.ts';
import { age } from '../output/times.ts';

const PAYMENTS = '/api/v1/payments';

/** A payment, as the query API shows it. */
interface Payment {
  readonly orderId: string;
  readonly customerId: string;
  readonly status: string;
  readonly amount?: Amount;
  readonly reference?: string;
  readonly reason?: string;
  readonly requestedAt?: string;
  readonly capturedAt?: string;
  readonly refund?: { readonly reason: string; readonly requestedBy?: string; readonly refundedAt?: string };
  readonly updatedAt: string;
}

const columns: readonly Column<Payment>[] = [
  { header: 'ORDER', value: ({ orderId }) => orderId },
  { header: 'STATUS', value: ({ status }) => status, style: ({ status }) => statusStyle(status) },
  { header: 'AMOUNT', value: ({ amount }) => amount && describeAmount(amount), align: 'right' },
  { header: 'CUSTOMER', value: ({ customerId }) => customerId, shrinksTo: 8 },
  { header: 'CHANGED', value: ({ updatedAt }) => age(updatedAt), align: 'right' },
  { header: 'REASON', value: ({ reason, refund }) => reason ?? refund?.reason, shrinksTo: 8 },
];

const describePayment = (payment: Payment): string =>
  fields({
    order: payment.orderId,
    status: payment.status,
    customer: payment.customerId,
    amount: payment.amount && describeAmount(payment.amount),
    reference: payment.reference,
    reason: payment.reason,
    requested: payment.requestedAt,
    captured: payment.capturedAt,
    refund: payment.refund?.reason,
    'refund by': payment.refund?.requestedBy,
    refunded: payment.refund?.refundedAt,
    updated: payment.updatedAt,
  });

export async function listPayments(options: ListOptions & { readonly status: string }): Promise<void> {
  const nothing = `There are no payments that are ${options.status}.`;
  await openCli(options).list<Payment>(PAYMENTS, { status: options.status }, options, columns, nothing);
}

export async function showPayment(orderId: string, options: ServerOptions): Promise<void> {
  await openCli(options).show(`${PAYMENTS}/${pathPart(orderId)}`, describePayment);
}

export async function refundPayment(
  orderId: string,
  options: ChangeOptions & { readonly reason: string },
): Promise<void> {
  const path = `${PAYMENTS}/${pathPart(orderId)}/refund`;
  const request = { method: 'POST', path, body: { reason: options.reason } } as const;
  await openCli(options).send(request, options, () => `the refund of order ${orderId} is requested`);
}
