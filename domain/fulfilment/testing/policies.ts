import fc from 'fast-check';
import type { FulfilmentPolicy } from '../policy.ts';

/** Any policy that makes sense. */
export const policies: fc.Arbitrary<FulfilmentPolicy> = fc.record({
  firstDeadlineMs: fc.integer({ min: 1, max: 10_000 }),
  maxDeadlineMs: fc.integer({ min: 10_000, max: 100_000 }),
  paymentGiveUpMs: fc.integer({ min: 1, max: 200_000 }),
  firstDispatchMs: fc.integer({ min: 1, max: 10_000 }),
  maxDispatchMs: fc.integer({ min: 10_000, max: 3_600_000 }),
  jitter: fc.double({ min: 0, max: 0.5, noNaN: true }),
});
