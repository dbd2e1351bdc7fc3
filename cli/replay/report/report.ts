import type { CountedRows } from '../file/count-rows.ts';
import type { NamedRow } from '../file/rows.ts';
import { type LeftOut, rowsLeftOut } from '../plan.ts';
import type { ChangedInvoice } from '../shop/earlier-orders.ts';
import type { Placed } from '../shop/orders.ts';
import { isShipped } from '../shop/shop-order.ts';
import { type Amount, sumByCurrency } from './amounts.ts';
import { type Check, soldIn } from './checks.ts';

/** The result of a replay, as `--json` prints it. Amounts in minor units. */
export interface Report {
  readonly invoices: number;
  readonly orders: number;
  readonly lines: number;
  readonly skipped: { readonly creditNotes: number; readonly lines: number; readonly invoices: number };
  readonly shipped: number;
  readonly rejected: number;
  readonly unitsShipped: number;
  /** Absent when the orders are of several currencies. */
  readonly revenue?: Amount;
  readonly revenues: readonly Amount[];
  readonly events: number;
  readonly seconds: number;
  readonly ordersPerSecond: number;
  readonly linesPerSecond: number;
  readonly eventsPerSecond: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number };
  /** Items and orders of earlier runs. */
  readonly alreadyThere: { readonly items: number; readonly orders: number };
  /** Invoices that earlier runs sold with other lines, with the earlier orders. */
  readonly changed: readonly { readonly invoice: string; readonly orderIds: readonly string[] }[];
  /** Every row of the file is a line of an order, or one of these. */
  readonly skippedRows: readonly NamedRow[];
  readonly badRows: readonly NamedRow[];
  readonly checks: readonly Check[];
}

export interface Outcome {
  readonly counted: CountedRows;
  readonly placed: readonly Placed[];
  readonly leftOut: readonly LeftOut[];
  readonly changed: readonly ChangedInvoice[];
  readonly alreadyThere: Report['alreadyThere'];
  readonly seconds: number;
  readonly events: number;
  readonly checks: readonly Check[];
}

export function reportOf(outcome: Outcome): Report {
  const { counted, placed, seconds, events } = outcome;
  const orders = placed.map(({ order }) => order);
  const sold = soldIn(orders);
  const lines = placed.reduce((total, { planned }) => total + planned.rows.length, 0);
  const perSecond = (count: number) => (seconds > 0 ? round(count / seconds) : 0);
  const latencies = placed.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  const leftOut = outcome.leftOut.map(rowsLeftOut);
  const skippedRows = [...counted.skipped, ...leftOut.flatMap(({ skipped }) => skipped)].sort(byLine);
  return {
    invoices: counted.invoices,
    orders: placed.length,
    lines,
    skipped: {
      creditNotes: counted.creditNotes,
      lines: skippedRows.length - counted.creditNoteRows,
      invoices: counted.invoices - counted.creditNotes - placed.length,
    },
    shipped: orders.filter(isShipped).length,
    rejected: orders.filter(({ status }) => status === 'rejected').length,
    unitsShipped: sold.units,
    ...revenueOf(placed, sold.revenues),
    events,
    seconds: round(seconds),
    ordersPerSecond: perSecond(placed.length),
    linesPerSecond: perSecond(lines),
    eventsPerSecond: perSecond(events),
    latencyMs: { p50: round(quantile(latencies, 0.5)), p99: round(quantile(latencies, 0.99)) },
    alreadyThere: outcome.alreadyThere,
    changed: outcome.changed.map(({ invoice, orders }) => ({
      invoice,
      orderIds: orders.map(({ orderId }) => orderId),
    })),
    skippedRows,
    badRows: [...counted.bad, ...leftOut.map(({ bad }) => bad)].sort(byLine),
    checks: outcome.checks,
  };
}

/** Returns the revenue: one amount, or one per currency when orders have several currencies. */
function revenueOf(
  placed: readonly Placed[],
  shipped: readonly Amount[],
): Pick<Report, 'revenue' | 'revenues'> {
  const none = placed.map(({ order }) => ({ amount: 0, currency: order.total.currency }));
  const revenues = sumByCurrency([...shipped, ...none]);
  const [revenue = { amount: 0, currency: 'GBP' }, ...others] = revenues;
  return { ...(others.length === 0 && { revenue }), revenues };
}

/** The smallest value that at least this share of the sorted values does not exceed; 0 of none. */
export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;

const round = (value: number) => Math.round(value * 100) / 100;
const byLine = (a: NamedRow, b: NamedRow): number => a.line - b.line;
