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

  it('sets an invoice aside that no order can hold, and orders nothing for it', () => {
    const products = Array.from({ length: 1_001 }, (_, n) => row({ StockCode: String(10_000 + n) }, n + 2));
    const { orders, items, skipped, bad, lines, invoices } = plan(
      ...products,
      row({ InvoiceNo: '2', Quantity: '1000000' }, 1_003),
      row({ InvoiceNo: '2', Quantity: '1' }, 1_004),
      row({ InvoiceNo: '3', Quantity: '4' }, 1_005),
      row({ InvoiceNo: '4', Quantity: '1000000', StockCode: '20000', UnitPrice: '100000000' }, 1_006),
    );
    expect(orders).toEqual([
      { invoice: '3', customerId: '17850', items: [{ productId: '85123A', quantity: 4 }], lines: 1 },
    ]);
    expect({ lines, invoices, skipped }).toEqual({
      lines: 1,
      invoices: 4,
      skipped: { creditNotes: 0, lines: 1_004, invoices: 3 },
    });
    expect(items.filter(({ ordered }) => ordered > 0)).toMatchObject([{ productId: '85123A', ordered: 4 }]);
    expect(bad).toEqual([
      { line: 2, problem: 'invoice 536365 has 1001 products: an order has at most 1000' },
      {
        line: 1_003,
        problem: 'invoice 2 adds up to 1000001 of 85123A: an order has at most 1000000 of a product',
      },
      { line: 1_006, problem: 'invoice 4 adds up to more money than can be counted' },
    ]);
  });

  it('names what the shop would refuse: odd invoice numbers, control characters', () => {
    const { bad, items } = plan(
      row({ InvoiceNo: '№ 7' }, 2),
      row({ Description: 'A\tB' }, 3),
      row({ Description: `\t${'🫖'.repeat(201)}` }, 4),
    );
    expect(bad).toEqual([
      { line: 2, problem: 'InvoiceNo "№ 7" is not 1 to 100 printable ASCII characters' },
      { line: 3, problem: 'Description "A\\tB" has a control character' },
    ]);
    expect(items).toMatchObject([{ name: '🫖'.repeat(200) }]);
  });

  it('turns pounds into pence exactly', () => {
    expect(['2.55', '1.005', '0.001', '19', '-0.5'].map(pence)).toEqual([255, 101, 0, 1900, -50]);
    expect(pence('1e3')).toBeNaN();
  });
});
