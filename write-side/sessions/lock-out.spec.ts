import { describe, expect, it } from 'vitest';
import { TooManyRequests } from '../../platform/http/response/errors.ts';
import { LockOut, type LogInAttempt } from './lock-out.ts';

const attempt = (emailHash: string, clientAddress: string, knownDevice?: string): LogInAttempt => ({
  ...{ emailHash, clientAddress, knownDevice },
});
/** Returns the number of wrong passwords until the first attempt that is rejected; at most 100. */
async function guesses(lockOut: LockOut, next: (guess: number) => LogInAttempt): Promise<number> {
  for (let guess = 0; guess < 100; guess++) {
    try {
      const end = await lockOut.begin(next(guess));
      await end('wrong');
    } catch (error) {
      expect(error).toBeInstanceOf(TooManyRequests);
      expect((error as TooManyRequests).retryAfterSeconds).toBeGreaterThan(800);
      return guess;
    }
  }
  return 100;
}
const logIn = async (lockOut: LockOut, ...who: Parameters<typeof attempt>) =>
  (await lockOut.begin(attempt(...who)))('right');

describe('guessing passwords', () => {
  it('of one account stops after 10, also from many sources', async () => {
    expect(await guesses(new LockOut(), () => attempt('ann', '192.0.2.1'))).toBe(10);
    expect(await guesses(new LockOut(), (guess) => attempt('ann', `192.0.2.${guess}`))).toBe(10);
  });

  it('of many accounts from one source stops after 60', async () => {
    expect(await guesses(new LockOut(), (guess) => attempt(`user-${guess}`, '192.0.2.1'))).toBe(60);
  });

  it('from one network of IPv6 counts as one source', async () => {
    expect(await guesses(new LockOut(), (guess) => attempt(`user-${guess}`, `2001:db8::${guess}:1`))).toBe(
      60,
    );
  });

  it('is not faster with many requests at the same time', async () => {
    const lockOut = new LockOut();
    const begun = await Promise.allSettled(
      Array.from({ length: 50 }, (_, guess) => lockOut.begin(attempt('ann', `192.0.2.${guess}`))),
    );
    const ends = begun.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(ends).toHaveLength(10);
    for (const end of ends) await end('wrong');
    expect(await guesses(lockOut, () => attempt('ann', '192.0.2.99'))).toBe(0);
  });

  it('is not paid for by right passwords for another account', async () => {
    const lockOut = new LockOut();
    const count = await guesses(lockOut, (guess) => attempt(`user-${guess}`, '192.0.2.1'));
    await logIn(lockOut, 'mallory', '192.0.2.1', 'laptop of mallory');
    expect(count + (await guesses(lockOut, (guess) => attempt(`more-${guess}`, '192.0.2.1')))).toBe(60);
  });
});

describe('the owner of an account', () => {
  it('still logs in from where they have logged in before, while others guess', async () => {
    const lockOut = new LockOut();
    await logIn(lockOut, 'ann', '198.51.100.1');
    expect(await guesses(lockOut, (guess) => attempt('ann', `192.0.2.${guess}`))).toBe(10);
    await expect(logIn(lockOut, 'ann', '198.51.100.2')).rejects.toThrow(TooManyRequests);
    await expect(logIn(lockOut, 'ann', '198.51.100.1')).resolves.toBeUndefined();
  });

  it('still logs in with a known device behind the address of those who guess', async () => {
    const lockOut = new LockOut();
    expect(await guesses(lockOut, () => attempt('ann', '192.0.2.1'))).toBe(10);
    await expect(logIn(lockOut, 'ann', '192.0.2.1', 'laptop')).resolves.toBeUndefined();
  });

  it('has 10 attempts on a known device: it may be stolen', async () => {
    expect(await guesses(new LockOut(), () => attempt('ann', '192.0.2.1', 'laptop'))).toBe(10);
  });

  it('may log in as often as they like; only 10 requests at the same time', async () => {
    const lockOut = new LockOut();
    for (let round = 0; round < 5; round++) {
      const begun = await Promise.allSettled(
        Array.from({ length: 30 }, () => lockOut.begin(attempt('ann', '192.0.2.1'))),
      );
      const [rejected] = begun.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
      expect(rejected).toMatchObject({ retryAfterSeconds: 1 });
      for (const one of begun) if (one.status === 'fulfilled') await one.value('right');
    }
    await expect(logIn(lockOut, 'ann', '192.0.2.1')).resolves.toBeUndefined();
  });
});

it('an attempt whose password was not checked does not count', async () => {
  const lockOut = new LockOut();
  for (let time = 0; time < 100; time++)
    await (await lockOut.begin(attempt('ann', '192.0.2.1')))('not-checked');
  expect(await guesses(lockOut, () => attempt('ann', '192.0.2.1'))).toBe(10);
});
