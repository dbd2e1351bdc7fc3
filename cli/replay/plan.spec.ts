import { describe, expect, it } from 'vitest';
import { planOrders, rowsLeftOut, type Sellable } from './plan.ts';

const gbp = (amount: number): Sellable => ({ amount, currency: 'GBP' });
const line = (productId: string, quantity: number, at: number) => ({ line: at, productId, quantity });
const sale = (invoice: string, ...lines: ReturnType<typeof line>[]) => ({
  invoice,
  customerId: '501',
  lines,
});

describe('planning orders', () => {
  it('adds up the same product in an invoice', () => {
    const { orders } = planOrders(
      [sale('1', line('b', 4, 2), line('a', 1, 3), line('b', 2, 4))],
      new Map([
        ['a', gbp(100)],
        ['b', gbp(200)],
      ]),
    );
    expect(orders).toMatchObject([
      {
        invoice: '1',
        customerId: '501',
        items: [
          { productId: 'a', quantity: 1 },
          { productId: 'b', quantity: 6 },
        ],
        rows: [2, 3, 4],
      },
    ]);
  });

  it('gives a digest that depends on lines, customer and invoice, and not on the order of lines', () => {
    const items = new Map([
      ['a', gbp(100)],
      ['b', gbp(200)],
    ]);
    const digest = (invoice: ReturnType<typeof sale>) => planOrders([invoice], items).orders[0]?.digest;
    const first = digest(sale('1', line('a', 1, 2), line('b', 2, 3)));
    expect(digest(sale('1', line('b', 2, 7), line('a', 1, 9)))).toBe(first);
    const others = [
      digest(sale('1', line('a', 1, 2), line('b', 3, 3))),
      digest(sale('2', line('a', 1, 2), line('b', 2, 3))),
      digest({ ...sale('1', line('a', 1, 2), line('b', 2, 3)), customerId: '502' }),
    ];
    expect(new Set([first, ...others]).size).toBe(4);
  });

  it('leaves out an invoice that cannot be one order, and says why', () => {
    const products = Array.from({ length: 1_001 }, (_, n) => line(String(10_000 + n), 1, n + 2));
    const sellable = new Map<string, Sellable>([
      ...products.map(({ productId }) => [productId, gbp(100)] as const),
      ['dear', gbp(10_000_000_000)],
      ['euro', { amount: 100, currency: 'EUR' }],
      ['retired', { problem: 'it is retired', retired: true }],
    ]);
    const { orders, leftOut } = planOrders(
      [
        sale('1', ...products),
        sale('2', line('10000', 1_000_000, 1_003), line('10000', 1, 1_004)),
        sale('3', line('10000', 4, 1_005)),
        sale('4', line('dear', 1_000_000, 1_006)),
        sale('5', line('10000', 1, 1_007), line('euro', 1, 1_008)),
        sale('6', line('euro', 2, 1_009)),
        sale('7', line('retired', 2, 1_010)),
      ],
      sellable,
    );
    expect(orders.map(({ invoice }) => invoice)).toEqual(['3', '6']);
    expect(leftOut.map((left) => rowsLeftOut(left).bad)).toEqual([
      { line: 2, reason: 'invoice 1 has 1001 products: an order has at most 1000' },
      {
        line: 1_003,
        reason: 'invoice 2 adds up to 1000001 of 10000: an order has at most 1000000 of a product',
      },
      {
        line: 1_006,
        reason:
          'invoice 4 adds up to 10000000000000000 in minor units: an order has at most 9007199254740991',
      },
      { line: 1_007, reason: 'invoice 5 has items in EUR and GBP: an order has one currency' },
      { line: 1_010, reason: 'invoice 7 orders retired: it is retired' },
    ]);
  });

  it('points from the other rows of an invoice that was left out to the row with the problem', () => {
    const { leftOut } = planOrders([sale('5', line('a', 1, 7), line('b', 1, 8))], new Map([['a', gbp(100)]]));
    expect(leftOut.map(rowsLeftOut)).toEqual([
      {
        bad: { line: 7, reason: 'invoice 5 orders b: the shop does not have it' },
        skipped: [{ line: 8, reason: 'no order can hold invoice 5: see line 7' }],
      },
    ]);
  });
});
