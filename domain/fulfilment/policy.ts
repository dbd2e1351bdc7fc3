/** How long to wait for others, in milliseconds. Each further wait of a kind is twice as long as the one before. */
export interface FulfilmentPolicy {
  /** The first wait for a payment, a settlement or a refund: short, since a crash may have lost the call itself. */
  readonly firstDeadlineMs: number;
  readonly maxDeadlineMs: number;
  /** All waits for a payment together: then the provider is no longer asked to charge, but whether it did. */
  readonly paymentGiveUpMs: number;
  readonly firstDispatchMs: number;
  /** A parcel may wait for days for an operator; this is how often the carrier is reminded. */
  readonly maxDispatchMs: number;
  /** By up to this share of itself, from 0 to 1, a wait is shorter: what failed together is not tried again together. */
  readonly jitter: number;
}

export const fulfilmentPolicy: FulfilmentPolicy = {
  firstDeadlineMs: 3_000,
  maxDeadlineMs: 60_000,
  paymentGiveUpMs: 20_000,
  firstDispatchMs: 5_000,
  maxDispatchMs: 3_600_000,
  jitter: 0.25,
};
