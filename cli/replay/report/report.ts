import type { CountedRows } from '../file/count-rows.ts';
import type { NamedRow } from '../file/rows.ts';
import { type LeftOut, rowsLeftOut } from '../plan.ts';
import type { ChangedInvoice } from '../shop/earlier-orders.ts';
import type { Placed } from '../shop/orders.ts';
import { isShipped } from '../shop/shop-order.ts';
import { type Amount, sumByCurrency } from './amounts.ts';
import { type Check, soldIn } from './checks.ts';

interface Outcome {
  readonly counted: CountedRows;
  readonly placed: readonly Placed[];
  readonly leftOut: readonly LeftOut[];
  /** Invoices that earlier runs sold with other lines. */
  readonly changed: readonly ChangedInvoice[];
  /** Items and orders of earlier runs. */
  readonly alreadyThere: { readonly items: number; readonly orders: number };
  readonly seconds: number;
  readonly events: number;
  readonly checks: readonly Check[];
}

export type Report = ReturnType<typeof reportOf>;

/** Returns the result of a replay, as `--json` prints it. Amounts in minor units. */
export function reportOf(outcome: Outcome) {
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
    // Every row of the file is a line of an order, or one of these.
    skippedRows,
    badRows: [...counted.bad, ...leftOut.map(({ bad }) => bad)].sort(byLine),
    checks: outcome.checks,
  };
}

/** Returns the revenue by currency; `revenue` only when all orders have the same currency. */
function revenueOf(placed: readonly Placed[], shipped: readonly Amount[]) {
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
