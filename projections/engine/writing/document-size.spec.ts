import { expect, it } from 'vitest';
import { documentSize } from './document-size.ts';

const document = (body: unknown) => ({ id: 'order-1', position: 7n, body });

it('documentSize adds up the sizes of all fields', () => {
  const line = { productId: '22000A', name: 'Paper lantern', quantity: 3, unitPrice: { amount: 255 } };
  const [none, one, hundred] = [0, 1, 100].map((lines) =>
    documentSize(document({ items: Array(lines).fill(line) })),
  );
  expect(one).toBeGreaterThan(Number(none) + JSON.stringify(line).length);
  expect(hundred).toBe(Number(none) + 100 * (Number(one) - Number(none)));
});

it('documentSize counts texts by their length, and other values with a fixed size', () => {
  const short = documentSize(document({ reason: '', at: null, done: true }));
  expect(documentSize(document({ reason: 'x'.repeat(1_000), at: undefined, done: 1 }))).toBe(short + 1_000);
});
