import type { ProductId } from '../kernel/ids.ts';
import type { Money } from '../kernel/money.ts';

export interface CreatedProduct {
  readonly status: 'created';
  readonly productId: ProductId;
  readonly name: string;
  readonly price: Money;
  /** What the stock is to be opened with; the stock itself is the inventory's. */
  readonly openingQuantity: number;
}

export type ProductState = { readonly status: 'unknown' } | CreatedProduct;

export const initialProduct: ProductState = { status: 'unknown' };
