import { describe, expect, it } from 'vitest';
import { sumByCurrency } from './amounts.ts';
import { describeReport } from './describe-report.ts';
import { reportOf } from './report.ts';

const counted = {
  invoices: 3,
  creditNotes: 0,
  creditNoteRows: 0,
  sales: [],
  items: [],
  skipped: Array.from({ length: 25 }, (_, n) => ({ line: n + 10, reason: 'Quantity 0 is not above 0' })),
  bad: [{ line: 5, reason: 'StockCode is empty' }],
};
const placed = (currency: string, amount: number) => ({
  planned: { invoice: '1', customerId: '501', items: [], rows: [2], digest: 'd' },
  order: {
    orderId: 'o1',
    status: 'shipped',
    total: { amount, currency },
    items: [{ productId: 'a', quantity: 2, lineTotal: { amount, currency } }],
    updatedAt: '2026-03-01T12:00:00.000Z',
  },
  latencyMs: 20,
});
const outcome = {
  counted,
  placed: [placed('GBP', 510)],
  leftOut: [],
  changed: [],
  alreadyThere: { items: 2, orders: 1 },
  seconds: 1,
  events: 30,
  checks: [],
};

describe('the report of a replay', () => {
  it('has one revenue when there is one currency', () => {
    const { revenue, revenues } = reportOf(outcome);
    expect({ revenue, revenues }).toEqual({
      revenue: { amount: 510, currency: 'GBP' },
      revenues: [{ amount: 510, currency: 'GBP' }],
    });
  });

  it('sums per currency when there are several', () => {
    const report = reportOf({ ...outcome, placed: [placed('GBP', 510), placed('EUR', 200)] });
    expect(report.revenue).toBeUndefined();
    expect(report.revenues).toEqual([
      { amount: 200, currency: 'EUR' },
      { amount: 510, currency: 'GBP' },
    ]);
    expect(describeReport(report)).toContain('sold       4 units for 2.00 EUR, 5.10 GBP');
  });

  it('counts the rows of an invoice that was left out: one bad, the others skipped', () => {
    const order = { invoice: '9', customerId: '501', items: [], rows: [40, 41], digest: 'e' };
    const report = reportOf({ ...outcome, leftOut: [{ order, problem: 'has two currencies' }] });
    expect(report.badRows).toEqual([
      { line: 5, reason: 'StockCode is empty' },
      { line: 40, reason: 'invoice 9 has two currencies' },
    ]);
    expect(report.skippedRows.at(-1)).toEqual({
      line: 41,
      reason: 'no order can hold invoice 9: see line 40',
    });
    expect(report.skipped).toEqual({ creditNotes: 0, lines: 26, invoices: 2 });
  });

  it('lists the first 20 skipped rows in the text report, and how many more exist', () => {
    const text = describeReport(reportOf(outcome));
    expect(text.match(/^skipped +line \d+/gm)).toHaveLength(20);
    expect(text).toContain('… and 5 more skipped rows: all with --json');
  });

  it('names changed invoices with their earlier orders', () => {
    const { order } = placed('GBP', 100);
    const report = reportOf({ ...outcome, changed: [{ invoice: '7', orders: [order] }] });
    expect(report.changed).toEqual([{ invoice: '7', orderIds: ['o1'] }]);
    expect(describeReport(report)).toContain('invoice 7 was sold before with other lines: o1');
  });

  it('keeps every digit of a sum beyond 2^53', () => {
    const max = { amount: Number.MAX_SAFE_INTEGER, currency: 'GBP' };
    expect(sumByCurrency([max, max, max])).toEqual([{ amount: 27_021_597_764_222_973n, currency: 'GBP' }]);
  });
});
