import { type Check, type Sold, soldIn } from './checks.ts';
import { isShipped, type Placed } from './orders.ts';
import type { Plan } from './plan.ts';
import type { BadRow } from './rows.ts';

/** What a replay came to; printed by `--json` as it stands. Amounts in minor units. */
export interface Report {
  readonly invoices: number;
  readonly orders: number;
  readonly lines: number;
  readonly skipped: Plan['skipped'];
  readonly shipped: number;
  readonly rejected: number;
  readonly unitsShipped: number;
  readonly revenue: { readonly amount: number; readonly currency: string };
  readonly events: number;
  readonly seconds: number;
  readonly ordersPerSecond: number;
  readonly linesPerSecond: number;
  readonly eventsPerSecond: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number };
  readonly badRows: readonly BadRow[];
  readonly checks: readonly Check[];
}

export function reportOf(
  plan: Plan,
  placed: readonly Placed[],
  measured: { readonly seconds: number; readonly events: number; readonly checks: readonly Check[] },
): Report {
  const sold: Sold = soldIn(placed);
  const { seconds, events, checks } = measured;
  const perSecond = (count: number) => (seconds > 0 ? round(count / seconds) : 0);
  const latencies = placed.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  return {
    invoices: plan.invoices,
    orders: placed.length,
    lines: plan.lines,
    skipped: plan.skipped,
    shipped: placed.filter(({ order }) => isShipped(order)).length,
    rejected: placed.filter(({ order }) => order.status === 'rejected').length,
    unitsShipped: sold.units,
    revenue: { amount: sold.revenue, currency: 'GBP' },
    events,
    seconds: round(seconds),
    ordersPerSecond: perSecond(placed.length),
    linesPerSecond: perSecond(plan.lines),
    eventsPerSecond: perSecond(events),
    latencyMs: { p50: round(quantile(latencies, 0.5)), p99: round(quantile(latencies, 0.99)) },
    badRows: plan.bad,
    checks,
  };
}

/** The smallest value that at least this share of the sorted values does not exceed; 0 of none. */
export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;

const round = (value: number) => Math.round(value * 100) / 100;

/** The report as a person reads it. */
export function describeReport(report: Report): string {
  const pounds = (report.revenue.amount / 100).toFixed(2);
  const { skipped, latencyMs } = report;
  return [
    `invoices   ${report.invoices}: ${report.orders} orders, ${skipped.creditNotes} credit notes, ${skipped.invoices} with no line left`,
    `lines      ${report.lines} ordered, ${skipped.lines} skipped, ${report.badRows.length} bad`,
    `orders     ${report.shipped} shipped, ${report.rejected} rejected`,
    `sold       ${report.unitsShipped} units for ${pounds} ${report.revenue.currency}`,
    `took       ${report.seconds} s: ${report.ordersPerSecond} orders/s, ${report.linesPerSecond} lines/s, ${report.eventsPerSecond} events/s`,
    `latency    p50 ${latencyMs.p50} ms, p99 ${latencyMs.p99} ms from POST to rest`,
    ...report.badRows.slice(0, 20).map(({ line, problem }) => `bad row    line ${line}: ${problem}`),
    ...report.checks.map(describeCheck),
  ].join('\n');
}

const describeCheck = ({ name, ok, expected, actual }: Check) =>
  ok ? `✓ ${name}` : `✗ ${name}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`;
