import { expect, it, vi } from 'vitest';
import { singleFlight } from './single-flight.ts';

it('singleFlight shares one run among concurrent calls, and runs again for a later call', async () => {
  const resolvers: ((result: string) => void)[] = [];
  const run = vi.fn(() => new Promise<string>((resolve) => resolvers.push(resolve)));
  const call = singleFlight(run);
  const [one, other] = [call(), call()];
  resolvers[0]?.('first');
  expect([await one, await other]).toEqual(['first', 'first']);

  const later = call();
  resolvers[1]?.('second');
  expect(await later).toBe('second');
  expect(run).toHaveBeenCalledTimes(2);
});

it('singleFlight rejects all calls that share a failed run, and no later call', async () => {
  let fails = true;
  const call = singleFlight(async () => {
    if (fails) throw new RangeError('unavailable');
    return 'available';
  });
  const [one, other] = [call(), call()];
  await expect(one).rejects.toThrow('unavailable');
  await expect(other).rejects.toThrow('unavailable');
  fails = false;
  expect(await call()).toBe('available');
});
