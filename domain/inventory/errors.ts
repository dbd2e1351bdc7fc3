import { DomainError } from '../kernel/domain-error.ts';
import type { OrderId, ProductId } from '../kernel/ids.ts';
import type { StockLevels } from './state.ts';

/** An adjustment would take units that are reserved for orders. */
export class StockBelowReserved extends DomainError {
  override readonly name = 'StockBelowReserved';
  readonly code = 'stock-below-reserved';
  readonly productId: ProductId;
  readonly quantity: number;
  readonly onHand: number;
  readonly reserved: number;

  constructor(productId: ProductId, quantity: number, { onHand, reserved }: StockLevels) {
    super(
      `cannot adjust the stock of ${productId} by ${quantity}: ${onHand} on hand, ${reserved} of them reserved`,
    );
    this.productId = productId;
    this.quantity = quantity;
    this.onHand = onHand;
    this.reserved = reserved;
  }
}

/** The stock would be above 2^53-1 units, where integers are no longer exact. */
export class StockTooLarge extends DomainError {
  override readonly name = 'StockTooLarge';
  readonly code = 'stock-too-large';
  readonly productId: ProductId;
  readonly quantity: number;
  readonly onHand: number;

  constructor(productId: ProductId, quantity: number, { onHand }: StockLevels) {
    super(`cannot add ${quantity} to ${onHand} on hand of ${productId}: the maximum is 2^53-1`);
    this.productId = productId;
    this.quantity = quantity;
    this.onHand = onHand;
  }
}

/** The order has no reservation to commit. */
export class StockNotReserved extends DomainError {
  override readonly name = 'StockNotReserved';
  readonly code = 'stock-not-reserved';
  readonly productId: ProductId;
  readonly orderId: OrderId;

  constructor(productId: ProductId, orderId: OrderId) {
    super(`nothing of ${productId} is reserved for order ${orderId}`);
    this.productId = productId;
    this.orderId = orderId;
  }
}
