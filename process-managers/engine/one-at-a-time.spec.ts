import { expect, it } from 'vitest';
import { oneAtATime } from './one-at-a-time.ts';

it('oneAtATime runs the work of one key in order, also after a failure, and does not delay other keys', async () => {
  const run = oneAtATime();
  const log: string[] = [];
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const first = run('a', async () => {
    await held;
    log.push('a1');
    throw new RangeError('a1 failed');
  });
  const second = run('a', async () => log.push('a2'));
  await run('b', async () => log.push('b1'));
  release();
  await expect(first).rejects.toThrow('a1 failed');
  await second;
  expect(log).toEqual(['b1', 'a1', 'a2']);
});
