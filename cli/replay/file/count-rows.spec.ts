import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countRows } from './count-rows.ts';
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
const count = (...rows: Row[]) => countRows({ rows, bad: [] });

describe('counting the rows of a sales file', () => {
  it('groups lines by invoice, in the order of first rows', () => {
    const { sales, invoices } = count(
      row({ InvoiceNo: '2', Quantity: '1' }, 2),
      row({ InvoiceNo: '1', CustomerID: '' }, 3),
      row({ InvoiceNo: '2', Quantity: '3' }, 4),
    );
    expect(sales).toEqual([
      {
        invoice: '2',
        customerId: '17850',
        lines: [
          { line: 2, productId: '85123A', quantity: 1 },
          { line: 4, productId: '85123A', quantity: 3 },
        ],
      },
      { invoice: '1', customerId: 'guest', lines: [{ line: 3, productId: '85123A', quantity: 6 }] },
    ]);
    expect(invoices).toBe(2);
  });

  it('names each skipped row with its reason', () => {
    const { skipped, creditNotes, creditNoteRows, sales } = count(
      row({ InvoiceNo: 'C536379', Quantity: '-1' }, 2),
      row({ StockCode: 'POST' }, 3),
      row({ StockCode: '4.0112E+05' }, 4),
      row({ Quantity: '-4' }, 5),
      row({ Quantity: '0' }, 6),
      row({ UnitPrice: '0.00' }, 7),
      row({ UnitPrice: '-11062.06' }, 8),
    );
    expect(skipped).toEqual([
      { line: 2, reason: 'invoice C536379 is a credit note' },
      { line: 3, reason: 'StockCode "POST" does not start with five digits' },
      { line: 4, reason: 'StockCode "4.0112E+05" does not start with five digits' },
      { line: 5, reason: 'Quantity -4 is not above 0' },
      { line: 6, reason: 'Quantity 0 is not above 0' },
      { line: 7, reason: 'UnitPrice 0.00 is not above 0' },
      { line: 8, reason: 'UnitPrice -11062.06 is not above 0' },
    ]);
    expect({ creditNotes, creditNoteRows, sales }).toEqual({ creditNotes: 1, creditNoteRows: 1, sales: [] });
  });

  it('names each bad row with its reason and sells the other rows', () => {
    const { bad, sales } = count(
      row({ Quantity: '1.5' }, 2),
      row({ Quantity: '1000001' }, 3),
      row({ UnitPrice: 'free' }, 4),
      row({ UnitPrice: '1.005' }, 5),
      row({ StockCode: '85123/A' }, 6),
      row({ StockCode: '' }, 7),
      row({ InvoiceNo: '' }, 8),
      row({ InvoiceNo: '№ 7' }, 9),
      row({ CustomerID: 'a/b' }, 10),
      row({ Description: 'A\tB' }, 11),
      row({}, 12),
    );
    expect(bad).toEqual([
      { line: 2, reason: 'Quantity "1.5" is not a whole number' },
      { line: 3, reason: 'Quantity 1000001 is more than 1000000' },
      { line: 4, reason: 'UnitPrice "free" is not a price' },
      { line: 5, reason: 'UnitPrice 1.005 is not a whole number of pence' },
      { line: 6, reason: 'StockCode "85123/A" is not a product id' },
      { line: 7, reason: 'StockCode is empty' },
      { line: 8, reason: 'InvoiceNo is empty' },
      { line: 9, reason: 'InvoiceNo "№ 7" is not 1 to 100 printable ASCII characters' },
      { line: 10, reason: 'CustomerID "a/b" is not a customer id' },
      { line: 11, reason: 'Description "A\\tB" has a control character' },
    ]);
    expect(sales).toHaveLength(1);
  });

  it('names a row whose customer differs from the first row of its invoice', () => {
    const { bad, sales } = count(
      row({ CustomerID: '501' }, 2),
      row({ CustomerID: '502' }, 3),
      row({ CustomerID: '' }, 4),
    );
    expect(sales).toMatchObject([{ customerId: '501', lines: [{ line: 2 }] }]);
    expect(bad).toEqual([
      { line: 3, reason: 'CustomerID "502" is not that of invoice 536365, "501"' },
      { line: 4, reason: 'CustomerID "" is not that of invoice 536365, "501"' },
    ]);
  });

  it.each(['auth0|5f7c', 'ann@example.com', 'urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8'])(
    'sells to the customer %s',
    (CustomerID) => {
      expect(count(row({ CustomerID })).sales).toMatchObject([{ customerId: CustomerID }]);
    },
  );

  it('takes name and price from any row of the code, skipped rows included', () => {
    const { items } = count(
      row({ Description: '', UnitPrice: '0' }),
      row({ InvoiceNo: 'C1', Description: 'HEART', UnitPrice: '4.25', Quantity: '-2' }),
      row({ Description: 'OTHER', UnitPrice: '2.55', Quantity: '5' }),
      row({ StockCode: '85123a', Description: '', UnitPrice: '1' }),
      row({ StockCode: '22000', UnitPrice: '0' }),
      row({ StockCode: '22001', Description: `\t${'🫖'.repeat(201)}` }),
    );
    expect(items).toEqual([
      { productId: '85123A', name: 'HEART', price: 425 },
      { productId: '85123a', name: '85123a', price: 100 },
      { productId: '22001', name: '🫖'.repeat(200), price: 255 },
    ]);
  });

  it('counts every row once, as sold, skipped or bad', () => {
    const some = (...texts: string[]) => fc.constantFrom(...texts);
    const anyRow = fc.record({
      InvoiceNo: some('1', '2', 'C3', '', '\u2116 7'),
      StockCode: some('22000', '22000A', 'POST', '', '85123/A'),
      Description: some('A', '', 'B\u0000'),
      Quantity: some('1', '-1', '0', 'many', '1000000'),
      UnitPrice: some('2.5', '0', '-1', '1.005', 'x'),
      CustomerID: some('', '501', '502', 'a/b'),
      Country: some('UK', ''),
    });
    fc.assert(
      fc.property(fc.array(anyRow), (rows) => {
        const numbered = rows.map((fields, index) => ({ ...fields, line: index + 2 }));
        const { sales, skipped, bad } = countRows({ rows: numbered, bad: [] });
        const lines = [...sales.flatMap((sale) => sale.lines), ...skipped, ...bad].map(({ line }) => line);
        expect(lines.sort((a, b) => a - b)).toEqual(numbered.map(({ line }) => line));
      }),
    );
  });
});
