import type { ProductId } from '../kernel/ids.ts';
import type { Money } from '../kernel/money.ts';

/** An existing product; a retired one cannot be ordered. */
export interface ExistingProduct {
  readonly status: 'created' | 'retired';
  readonly productId: ProductId;
  readonly name: string;
  readonly price: Money;
  readonly description: string | null;
  readonly imageUrl: string | null;
  /** The opening stock. The inventory has the stock itself. */
  readonly openingQuantity: number;
}

export type ProductState = { readonly status: 'unknown' } | ExistingProduct;

export const initialProduct: ProductState = { status: 'unknown' };
