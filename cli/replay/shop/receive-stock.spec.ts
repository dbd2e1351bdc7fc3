import { describe, expect, it } from 'vitest';
import { requiredStock } from './receive-stock.ts';

const order = (...items: [string, number][]) => ({
  items: items.map(([productId, quantity]) => ({ productId, quantity })),
});

describe('the stock that replays receive', () => {
  it('is the stock factor times the ordered quantity of a product, rounded up', () => {
    expect(requiredStock([order(['a', 3], ['b', 1]), order(['a', 4])], [], 0.5)).toEqual([
      { productId: 'a', quantity: 4 },
      { productId: 'b', quantity: 1 },
    ]);
  });

  it('also covers the quantities of earlier orders of the same invoices', () => {
    expect(requiredStock([order(['a', 5])], [order(['a', 2], ['c', 1])], 1)).toEqual([
      { productId: 'a', quantity: 7 },
      { productId: 'c', quantity: 1 },
    ]);
  });
});
