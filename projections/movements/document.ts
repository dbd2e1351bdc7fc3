/** Something that happened to a product's stock. Never changes once written. */
export interface MovementDocument {
  readonly productId: string;
  /** Sorts as the log does. */
  readonly position: string;
  readonly type: string;
  /** Units received, adjusted (may be negative), reserved, released or committed; 0 for a reservation refused. */
  readonly quantity: number;
  readonly orderId?: string;
  readonly reason?: string;
  /** What a refused reservation asked for and what was free. */
  readonly requested?: number;
  readonly available?: number;
  /** When it was recorded, ISO 8601. */
  readonly at: string;
  /** Of the stock's stream; a decimal string. */
  readonly revision: string;
}
