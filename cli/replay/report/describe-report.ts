import { inspect } from 'node:util';
import type { NamedRow } from '../file/rows.ts';
import type { Amount } from './amounts.ts';
import type { Check } from './checks.ts';
import type { Report } from './report.ts';

const MAX_NAMED = 20;

/** Returns the report as text for the terminal. */
export function describeReport(report: Report): string {
  const { skipped, latencyMs, alreadyThere, changed } = report;
  const sold = report.revenues.map(money).join(', ') || '0.00 GBP';
  return [
    `invoices   ${report.invoices}: ${report.orders} orders, ${skipped.creditNotes} credit notes, ${skipped.invoices} with no line left`,
    `lines      ${report.lines} ordered, ${report.skippedRows.length} skipped, ${report.badRows.length} bad`,
    `orders     ${report.shipped} shipped, ${report.rejected} rejected`,
    `sold       ${report.unitsShipped} units for ${sold}`,
    `before     ${alreadyThere.items} items and ${alreadyThere.orders} orders were there already`,
    `took       ${report.seconds} s: ${report.ordersPerSecond} orders/s, ${report.linesPerSecond} lines/s, ${report.eventsPerSecond} events/s`,
    `latency    p50 ${latencyMs.p50} ms, p99 ${latencyMs.p99} ms from POST to rest`,
    ...first(
      changed,
      'changed invoices',
      ({ invoice, orderIds }) =>
        `changed    invoice ${invoice} was sold before with other lines: ${orderIds.join(', ')}`,
    ),
    ...first(report.badRows, 'bad rows', describeRow('bad row')),
    ...first(report.skippedRows, 'skipped rows', describeRow('skipped')),
    ...report.checks.map(describeCheck),
  ].join('\n');
}

/** Returns an amount with all its digits: `12.30 GBP`. */
const money = ({ amount, currency }: Amount): string => {
  const { maximumFractionDigits: digits = 2 } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions();
  const format = new Intl.NumberFormat('en', { minimumFractionDigits: digits, useGrouping: false });
  return `${format.format(`${amount}E-${digits}` as `${number}`)} ${currency}`;
};

const describeRow =
  (kind: string) =>
  ({ line, reason }: NamedRow): string =>
    `${kind.padEnd(10)} line ${line}: ${reason}`;

/** Returns the first 20 entries of a list, and how many more exist. */
function first<Entry>(entries: readonly Entry[], what: string, describe: (entry: Entry) => string): string[] {
  const more = entries.length - MAX_NAMED;
  return [
    ...entries.slice(0, MAX_NAMED).map(describe),
    ...(more > 0 ? [`           … and ${more} more ${what}: all with --json`] : []),
  ];
}

const describeCheck = ({ name, ok, expected, actual }: Check) =>
  ok ? `✓ ${name}` : `✗ ${name}: expected ${inspect(expected)}, found ${inspect(actual)}`;
