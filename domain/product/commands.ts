import type { ProductId } from '../kernel/ids.ts';
import type { Money } from '../kernel/money.ts';

export interface CreateProduct {
  readonly type: 'CreateProduct';
  readonly productId: ProductId;
  readonly name: string;
  readonly price: Money;
  readonly openingQuantity: number;
  readonly description?: string | null;
  readonly imageUrl?: string | null;
}
/** Changes the given fields; `null` removes. An absent field is kept; an equal value records no event. */
export interface ChangeProduct {
  readonly type: 'ChangeProduct';
  readonly productId: ProductId;
  readonly name?: string;
  readonly price?: Money;
  readonly description?: string | null;
  readonly imageUrl?: string | null;
}
/** Retires a product: it cannot be ordered until it is restored. */
export interface RetireProduct {
  readonly type: 'RetireProduct';
  readonly productId: ProductId;
  readonly reason?: string;
  readonly retiredBy: string;
}
export interface RestoreProduct {
  readonly type: 'RestoreProduct';
  readonly productId: ProductId;
  readonly reason?: string;
  readonly restoredBy: string;
}

export type ProductCommand = CreateProduct | ChangeProduct | RetireProduct | RestoreProduct;
