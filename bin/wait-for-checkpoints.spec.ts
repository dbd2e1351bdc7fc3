import { expect, it } from 'vitest';
import { waitForCheckpoints } from './wait-for-checkpoints.ts';

const at = (commit: bigint) => ({ commit, prepare: commit });

it('the audit waits for a slow read model for as long as its checkpoint moves', async () => {
  let commit = 0n;
  const slow = async () => {
    commit += 1n;
    return [at(10n), at(commit)];
  };
  expect(await waitForCheckpoints(slow, at(10n), 400)).toBe(true);
});

it('the audit stops waiting when a read model has stopped, although others continue', async () => {
  let commit = 10n;
  const oneStopped = async () => {
    commit += 1n;
    return [at(commit), at(9n)];
  };
  expect(await waitForCheckpoints(oneStopped, at(10n), 100)).toBe(false);
});

it('the audit stops waiting when no checkpoint moves', async () => {
  expect(await waitForCheckpoints(async () => [at(10n), at(9n)], at(10n), 100)).toBe(false);
  expect(await waitForCheckpoints(async () => [at(10n), undefined], at(10n), 100)).toBe(false);
});
