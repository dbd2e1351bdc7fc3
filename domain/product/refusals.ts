import type { ProductId } from '../kernel/ids.ts';
import { Refusal } from '../kernel/refusal.ts';

/** A product is created once; its id is taken for good. */
export class ProductExists extends Refusal {
  override readonly name = 'ProductExists';
  readonly code = 'product-exists';
  readonly productId: ProductId;

  constructor(productId: ProductId) {
    super(`product ${JSON.stringify(productId)} exists`);
    this.productId = productId;
  }
}
