import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

describe('the delay before a retry', () => {
  it('is below a bound that doubles with each attempt, up to the maximum', () =>
    fc.assert(
      fc.property(
        fc.nat(2_000),
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 1, max: 100_000 }),
        (attempt, firstMs, maxMs) => {
          const pause = backoffMs(attempt, { firstMs, maxMs });
          expect(pause).toBeGreaterThanOrEqual(0);
          expect(pause).toBeLessThan(Math.min(maxMs, firstMs * 2 ** attempt));
        },
      ),
    ));

  it('is random, so that clients that failed together do not retry together', () => {
    const pauses = Array.from({ length: 1_000 }, () => backoffMs(3, { firstMs: 100, maxMs: 10_000 }));
    const perQuarter = [0, 200, 400, 600].map(
      (from) => pauses.filter((pause) => pause >= from && pause < from + 200).length,
    );
    // 250 each, were chance even.
    for (const count of perQuarter) expect(count).toBeGreaterThan(125);
  });
});
