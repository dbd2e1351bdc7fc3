import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Handover } from './handover.ts';

const eight = [1, 2, 3, 4, 5, 6, 7, 8];

const handover = () => {
  const handed: (readonly number[])[] = [];
  return { handed, to: new Handover<number>((items) => handed.push(items)) };
};

describe('what goes to another thread', () => {
  it('goes together when it comes within one turn', async () => {
    const { handed, to } = handover();
    for (const item of [1, 2, 3]) to.add(item);
    expect(to.waiting).toEqual([1, 2, 3]);
    await nextTurn();

    expect(handed).toEqual([[1, 2, 3]]);
    expect(to.waiting).toEqual([]);
  });

  it('goes at once when there are eight, the rest with the turn, each once and in order', async () => {
    const { handed, to } = handover();
    for (const item of [...eight, 9, 10]) to.add(item);
    expect(handed).toEqual([eight]);
    await nextTurn();

    expect(handed).toEqual([eight, [9, 10]]);
  });

  it('sends no empty message', async () => {
    const { handed, to } = handover();
    for (const item of eight) to.add(item);
    await nextTurn();
    expect(handed).toEqual([eight]);
    to.add(9);
    await nextTurn();

    expect(handed).toEqual([eight, [9]]);
  });
});
