import { expect, it } from 'vitest';
import { unlessAborted } from './unless-aborted.ts';

const never = () => new Promise<string>(() => {});

it('what the work comes to, when nothing aborts', async () => {
  const { signal } = new AbortController();
  expect(await unlessAborted(Promise.resolve('done'), signal)).toBe('done');
  await expect(unlessAborted(Promise.reject(new RangeError('too far')), signal)).rejects.toThrow('too far');
});

it('nothing, as soon as the signal aborts or when it has', async () => {
  const stopping = new AbortController();
  const waiting = unlessAborted(never(), stopping.signal);
  stopping.abort();
  expect(await waiting).toBeUndefined();
  expect(await unlessAborted(never(), stopping.signal)).toBeUndefined();
});

it('work that fails when nobody waits any more fails quietly', async () => {
  const work = deferred();
  const stopping = new AbortController();
  const waiting = unlessAborted(work.promise, stopping.signal);
  stopping.abort();
  await waiting;
  work.reject(new Error('nobody is to hear of this'));
  await expect(work.promise).rejects.toThrow('nobody');
});

function deferred() {
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<string>((_, fail) => {
    reject = fail;
  });
  return { promise, reject };
}
