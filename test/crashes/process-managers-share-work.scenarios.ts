import { afterEach, describe, expect, it } from 'vitest';
import { Leg } from './harness/crash-test.ts';

const ORDERS = 60;

describe('several process-manager processes', () => {
  let leg: Leg;
  afterEach(() => leg.end());

  it('share the work, and carry on with what one was at that is gone for good', async () => {
    // As long as they usually are: a charge that takes two seconds is not asked for by others meanwhile.
    leg = await Leg.open('process managers share', {
      settings: { FULFILMENT_FIRST_DEADLINE_MS: '3000', FULFILMENT_MAX_DEADLINE_MS: '6000' },
    });
    const { fleet, customers } = leg;
    for (const role of ['eventstore', 'write-side', 'projections', 'read-api']) fleet.start(role);
    const managers = [1, 2, 3].map((number) => fleet.start('process-managers', `process managers ${number}`));
    await fleet.ready();
    await customers.stockUp();

    await leg.during(Promise.all(Array.from({ length: ORDERS }, () => customers.order('tok_slow'))));
    const [unlucky, ...others] = managers;
    // The one to be killed last, so that its calls are still on when it dies.
    for (const each of [...others, ...managers.slice(0, 1)])
      await expect
        .poll(() => each.counted('orderstream_outside_calls'), { timeout: 10_000, message: each.name })
        .toBeGreaterThan(0);
    await unlucky?.kill();
    const handled = () => Promise.all(others.map((each) => each.counted('orderstream_deliveries_total')));
    const before = await handled();
    await leg.reckon();
    expect(leg.bank.askedAgain, 'charges that the dead process had asked for').toBeGreaterThan(0);
    const after = await handled();
    for (const [index, count] of after.entries()) expect(count).toBeGreaterThan(before[index] ?? 0);
  });
});
