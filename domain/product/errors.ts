import { DomainError } from '../kernel/domain-error.ts';
import type { ProductId } from '../kernel/ids.ts';

/** A product is created once; its id is never used again. */
export class ProductExists extends DomainError<{ productId: ProductId }> {
  override readonly name = 'ProductExists';
  readonly code = 'product-exists';

  constructor(productId: ProductId) {
    super(`product ${JSON.stringify(productId)} already exists`, { productId });
  }
}
