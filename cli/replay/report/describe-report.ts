import type { NamedRow } from '../file/rows.ts';
import type { Amount } from './amounts.ts';
import type { Check } from './checks.ts';
import { exactJson } from './json.ts';
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

const money = ({ amount, currency }: Amount): string => {
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
    .maximumFractionDigits;
  const text = String(amount)
    .replace('-', '')
    .padStart((digits ?? 2) + 1, '0');
  const whole = text.slice(0, text.length - (digits ?? 2));
  const part = text.slice(text.length - (digits ?? 2));
  return `${amount < 0 ? '-' : ''}${whole}${part && `.${part}`} ${currency}`;
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
  ok ? `✓ ${name}` : `✗ ${name}: expected ${exactJson(expected)}, found ${exactJson(actual)}`;
