import { expect, it } from 'vitest';
import { demoCustomers, demoOrders, signatureOf } from './orders.ts';
import { demoProducts, SCARCE } from './products.ts';

it('the demo has 30 products with names and descriptions, 20 customers, and 100 orders', () => {
  expect(new Set(demoProducts.map(({ productId }) => productId)).size).toBe(30);
  expect(demoProducts.every(({ name, description, price }) => name && description && price > 0)).toBe(true);
  expect(new Set(demoOrders.map(({ customerId }) => customerId)).size).toBe(demoCustomers.length);
  expect([demoProducts.length, demoCustomers.length, demoOrders.length]).toEqual([30, 20, 100]);
});

it('every demo order can be told from the others by its customer and lines', () => {
  expect(new Set(demoOrders.map(signatureOf)).size).toBe(demoOrders.length);
});

it('no order names a product twice, or the product that is created at the end', () => {
  const last = demoProducts.at(-1)?.productId;
  for (const { items } of demoOrders) {
    const ids = items.map(({ productId }) => productId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).not.toContain(last);
    expect(ids).not.toContain('');
  }
});

it('there is stock for all orders, except for those that are to be rejected', () => {
  const ordered = new Map<string, number>();
  for (const { target, items } of demoOrders)
    for (const { productId, quantity } of items) {
      const stock = demoProducts.find((product) => product.productId === productId)?.quantity ?? 0;
      if (target === 'out-of-stock')
        expect({ productId, fits: quantity <= stock }).toEqual({ productId: SCARCE, fits: false });
      else ordered.set(productId, (ordered.get(productId) ?? 0) + quantity);
    }
  for (const { productId, quantity } of demoProducts)
    expect(ordered.get(productId) ?? 0).toBeLessThanOrEqual(quantity);
});
