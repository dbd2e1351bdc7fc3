import { DomainError } from '../kernel/domain-error.ts';
import type { OrderId, ProductId } from '../kernel/ids.ts';
import type { StockLevels } from './state.ts';

/** The stock of a product, and the change that is impossible. */
interface StockChange extends StockLevels {
  readonly productId: ProductId;
  readonly quantity: number;
}

/** An adjustment would take units that are reserved for orders. */
export class StockBelowReserved extends DomainError<StockChange> {
  override readonly name = 'StockBelowReserved';
  readonly code = 'stock-below-reserved';

  constructor(change: StockChange) {
    const { productId, quantity, onHand, reserved } = change;
    const stock = `${onHand} on hand, ${reserved} of them reserved`;
    super(`cannot adjust the stock of ${productId} by ${quantity}: ${stock}`, change);
  }
}

/** The stock would be above 2^53-1 units, where integers are no longer exact. */
export class StockTooLarge extends DomainError<StockChange> {
  override readonly name = 'StockTooLarge';
  readonly code = 'stock-too-large';

  constructor(change: StockChange) {
    const { productId, quantity, onHand } = change;
    super(`cannot add ${quantity} to ${onHand} on hand of ${productId}: the maximum is 2^53-1`, change);
  }
}

/** The order has no reservation to commit. */
export class StockNotReserved extends DomainError<{ productId: ProductId; orderId: OrderId }> {
  override readonly name = 'StockNotReserved';
  readonly code = 'stock-not-reserved';

  constructor(productId: ProductId, orderId: OrderId) {
    super(`nothing of ${productId} is reserved for order ${orderId}`, { productId, orderId });
  }
}
