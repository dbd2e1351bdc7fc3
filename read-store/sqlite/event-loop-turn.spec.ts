import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ownEventLoopTurn } from './event-loop-turn.ts';

it('each caller gets its own turn of the event loop, in order', async () => {
  let turn = 0;
  const given: number[] = [];
  const asking = [1, 2, 3].map(async () => {
    await ownEventLoopTurn();
    given.push(turn);
  });
  while (given.length < 3) {
    turn += 1;
    await nextTurn();
  }
  await Promise.all(asking);
  expect(new Set(given).size).toBe(3);
  expect(given).toEqual([...given].sort((a, b) => a - b));
});
