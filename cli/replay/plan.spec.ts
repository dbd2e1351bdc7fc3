import { describe, expect, it } from 'vitest';
import { pence, planReplay } from './plan.ts';
import type { Row } from './rows.ts';

const row = (changes: Partial<Row>, line = 2): Row => ({
  InvoiceNo: '536365',
  StockCode: '85123A',
  Description: 'WHITE HANGING HEART',
  Quantity: '6',
  UnitPrice: '2.55',
  CustomerID: '17850',
  Country: 'United Kingdom',
  line,
  ...changes,
});
const plan = (...rows: Row[]) => planReplay({ rows, bad: [], content: Buffer.from(JSON.stringify(rows)) });

describe('planning a replay', () => {
  it('makes one order per invoice, in the order of first lines, and adds up the same code', () => {
    const { orders, lines, invoices } = plan(
      row({ InvoiceNo: '2', Quantity: '1' }),
      row({ InvoiceNo: '1', CustomerID: '' }),
      row({ InvoiceNo: '2', Quantity: '3' }),
    );
    expect(orders).toEqual([
      { invoice: '2', customerId: '17850', items: [{ productId: '85123A', quantity: 4 }], lines: 2 },
      { invoice: '1', customerId: 'guest', items: [{ productId: '85123A', quantity: 6 }], lines: 1 },
    ]);
    expect({ lines, invoices }).toEqual({ lines: 3, invoices: 2 });
  });

  it('counts credit notes, lines that do not count, and invoices with no line left', () => {
    const { skipped, orders, invoices } = plan(
      row({ InvoiceNo: 'C536379', Quantity: '-1' }),
      row({ InvoiceNo: '7', StockCode: 'POST' }),
      row({ InvoiceNo: '8' }),
      row({ InvoiceNo: '8', Quantity: '-4' }),
      row({ InvoiceNo: '8', UnitPrice: '0' }),
    );
    expect(skipped).toEqual({ creditNotes: 1, lines: 3, invoices: 1 });
    expect(invoices).toBe(orders.length + skipped.creditNotes + skipped.invoices);
  });

  it('takes name and price from any line of the code, skipped lines included', () => {
    const { items } = plan(
      row({ Description: '', UnitPrice: '0' }),
      row({ InvoiceNo: 'C1', Description: 'HEART', UnitPrice: '4.25', Quantity: '-2' }),
      row({ Description: 'OTHER', UnitPrice: '2.55', Quantity: '5' }),
      row({ StockCode: '85123a', Description: '', UnitPrice: '1' }),
      row({ StockCode: '22000', UnitPrice: '0' }),
    );
    expect(items).toEqual([
      { productId: '85123A', name: 'HEART', price: 425, ordered: 5 },
      { productId: '85123a', name: '85123a', price: 100, ordered: 6 },
    ]);
  });

  it('names a bad row with its line, and goes on without it', () => {
    const { bad, orders } = plan(
      row({ Quantity: '1.5' }, 2),
      row({ UnitPrice: 'free' }, 3),
      row({ StockCode: '85123/A' }, 4),
      row({ InvoiceNo: '' }, 5),
      row({}, 6),
    );
    expect(bad).toEqual([
      { line: 2, problem: 'Quantity "1.5" is not a whole number' },
      { line: 3, problem: 'UnitPrice "free" is not a price' },
      { line: 4, problem: 'StockCode "85123/A" is no product id' },
      { line: 5, problem: 'InvoiceNo is empty' },
    ]);
    expect(orders).toHaveLength(1);
  });

  it('turns pounds into pence exactly', () => {
    expect(['2.55', '1.005', '0.001', '19', '-0.5'].map(pence)).toEqual([255, 101, 0, 1900, -50]);
    expect(pence('1e3')).toBeNaN();
  });
});
