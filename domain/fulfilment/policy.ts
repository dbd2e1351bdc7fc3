/** Timeouts of the waits, in milliseconds. Each further timeout of a wait is twice as long as the one before. */
export interface FulfilmentPolicy {
  /** First timeout of a payment, a settlement, a refund or a recall. It is short, since a crash may have lost the call. */
  readonly firstDeadlineMs: number;
  readonly maxDeadlineMs: number;
  /** Limit of all timeouts of a payment together. After it, the provider is asked whether it charged, and not to charge. */
  readonly paymentGiveUpMs: number;
  readonly firstDispatchMs: number;
  /** Maximum interval between two calls to the carrier: a parcel may wait for days until an operator dispatches it. */
  readonly maxDispatchMs: number;
  /**
   * Maximum share of a timeout, from 0 to 1, by which it is shortened, so that calls that failed together are not repeated
   * together.
   */
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
