import { describe, expect, it } from 'vitest';
import { TooManyRequests } from '../../platform/http/response/errors.ts';
import { LockOut, type LogInAttempt, networkOf } from './lock-out.ts';

const attempt = (emailHash: string, clientAddress: string, knownDevice?: string): LogInAttempt => ({
  ...{ emailHash, clientAddress, knownDevice },
});
/** Returns the number of guesses until the first that is rejected; at most 100. */
async function guesses(lockOut: LockOut, next: (guess: number) => LogInAttempt): Promise<number> {
  for (let guess = 0; guess < 100; guess++) {
    try {
      await lockOut.count(next(guess));
    } catch (error) {
      expect(error).toBeInstanceOf(TooManyRequests);
      expect((error as TooManyRequests).retryAfterSeconds).toBeGreaterThan(0);
      return guess;
    }
  }
  return 100;
}

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

  it('is not paid for by a right password in between', async () => {
    const lockOut = new LockOut();
    const attacker = '192.0.2.1';
    const count = await guesses(lockOut, (guess) => {
      void lockOut.count(attempt('mallory', attacker)).then((counted) => counted.succeeded());
      return attempt(`user-${guess}`, attacker);
    });
    expect(count).toBeLessThanOrEqual(60);
  });
});

describe('the owner of an account', () => {
  it('still logs in from where they have logged in before, while others guess', async () => {
    const lockOut = new LockOut();
    await (await lockOut.count(attempt('ann', '198.51.100.1'))).succeeded();
    expect(await guesses(lockOut, (guess) => attempt('ann', `192.0.2.${guess}`))).toBe(10);
    await expect(lockOut.count(attempt('ann', '198.51.100.2'))).rejects.toThrow(TooManyRequests);
    await expect(lockOut.count(attempt('ann', '198.51.100.1'))).resolves.toBeDefined();
  });

  it('still logs in with a known device behind the address of those who guess', async () => {
    const lockOut = new LockOut();
    expect(await guesses(lockOut, () => attempt('ann', '192.0.2.1'))).toBe(10);
    await expect(lockOut.count(attempt('ann', '192.0.2.1', 'laptop'))).resolves.toBeDefined();
  });

  it('has 10 attempts on a known device: it may be stolen', async () => {
    expect(await guesses(new LockOut(), () => attempt('ann', '192.0.2.1', 'laptop'))).toBe(10);
  });

  it('may type the right password as often as they like', async () => {
    const lockOut = new LockOut();
    for (let time = 0; time < 100; time++)
      await (await lockOut.count(attempt('ann', '192.0.2.1'))).succeeded();
  });
});

it('an attempt whose password was not checked does not count', async () => {
  const lockOut = new LockOut();
  for (let time = 0; time < 100; time++) await (await lockOut.count(attempt('ann', '192.0.2.1'))).notMade();
  expect(await guesses(lockOut, () => attempt('ann', '192.0.2.1'))).toBe(10);
});

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:DB8:0001::6', '2001:db8:1:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('the network of %s is %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
