import { expect, it } from 'vitest';
import { untilAborted } from './until-aborted.ts';

const never = () => new Promise<string>(() => {});

it('untilAborted resolves or rejects like the work while nothing aborts', async () => {
  const { signal } = new AbortController();
  expect(await untilAborted(Promise.resolve('done'), signal)).toBe('done');
  await expect(untilAborted(Promise.reject(new RangeError('too far')), signal)).rejects.toThrow('too far');
});

it('untilAborted resolves to undefined as soon as the signal aborts, or when it has aborted before', async () => {
  const stopping = new AbortController();
  const waiting = untilAborted(never(), stopping.signal);
  stopping.abort();
  expect(await waiting).toBeUndefined();
  expect(await untilAborted(never(), stopping.signal)).toBeUndefined();
});

it('untilAborted handles a rejection of the work after the abort', async () => {
  let reject: (error: Error) => void = () => {};
  const work = new Promise<string>((_, fail) => {
    reject = fail;
  });
  const stopping = new AbortController();
  const waiting = untilAborted(work, stopping.signal);
  stopping.abort();
  await waiting;
  reject(new Error('failed after the abort'));
  await expect(work).rejects.toThrow('failed after the abort');
});
