import { DomainError } from '../kernel/domain-error.ts';
import type { OrderId, ProductId } from '../kernel/ids.ts';
import type { StockLevels } from './state.ts';

/** An adjustment would take away what is held for orders. */
export class StockBelowReserved extends DomainError {
  override readonly name = 'StockBelowReserved';
  readonly code = 'stock-below-reserved';
  readonly productId: ProductId;
  readonly quantity: number;
  readonly onHand: number;
  readonly reserved: number;

  constructor(productId: ProductId, quantity: number, { onHand, reserved }: StockLevels) {
    super(
      `${onHand} of ${productId} on hand, ${reserved} of them reserved: adjusting by ${quantity} is too much`,
    );
    this.productId = productId;
    this.quantity = quantity;
    this.onHand = onHand;
    this.reserved = reserved;
  }
}

/** More than 2^53-1 units, beyond which integers are no longer exact. */
export class StockTooLarge extends DomainError {
  override readonly name = 'StockTooLarge';
  readonly code = 'stock-too-large';
  readonly productId: ProductId;
  readonly quantity: number;
  readonly onHand: number;

  constructor(productId: ProductId, quantity: number, { onHand }: StockLevels) {
    super(`${onHand} of ${productId} on hand and ${quantity} more are beyond 2^53-1`);
    this.productId = productId;
    this.quantity = quantity;
    this.onHand = onHand;
  }
}

/** Nothing was ever held for this order, so nothing of it can have left. */
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
