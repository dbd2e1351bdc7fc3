import { setImmediate as turnOver } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { pace } from './pace.ts';

describe('requests that come together', () => {
  const arrive = (paced: ReturnType<typeof pace>, begun: number[], names: readonly number[]) => {
    for (const name of names) paced({} as never, {} as never, () => void begun.push(name));
  };

  it('begin in their order, so many per turn of the event loop', async () => {
    const begun: number[] = [];
    const paced = pace(2);
    arrive(paced, begun, [1, 2, 3, 4, 5]);
    expect(begun).toEqual([1, 2]);
    await turnOver();
    expect(begun).toEqual([1, 2, 3, 4]);
    await turnOver();
    expect(begun).toEqual([1, 2, 3, 4, 5]);
  });

  it('wait behind those that came before', async () => {
    const begun: number[] = [];
    const paced = pace(2);
    arrive(paced, begun, [1, 2, 3]);
    await turnOver();
    arrive(paced, begun, [4, 5]);
    expect(begun).toEqual([1, 2, 3, 4]);
    await turnOver();
    expect(begun).toEqual([1, 2, 3, 4, 5]);
  });

  it('begin at once when nothing else does', async () => {
    const begun: number[] = [];
    const paced = pace(1);
    arrive(paced, begun, [1]);
    await turnOver();
    await turnOver();
    arrive(paced, begun, [2]);
    expect(begun).toEqual([1, 2]);
  });
});
