import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { RecentIds } from './recent-ids.ts';

describe('recent ids', () => {
  it('remembers the newest hundred thousand, random or made in order', () => {
    for (const make of [() => randomBytes(16), inOrder()]) {
      const recent = new RecentIds();
      const ids = Array.from({ length: 100_000 }, () => make());
      ids.forEach((id, i) => {
        recent.add(1, id, i + 1);
      });

      const known = ids.filter((id, i) => recent.find(1, id) === i + 1).length;
      expect(known / ids.length).toBeGreaterThan(0.999);
    }
  });

  it('tells the same id in two streams apart', () => {
    const recent = new RecentIds();
    const id = randomBytes(16);
    recent.add(1, id, 10);
    recent.add(2, id, 20);

    expect([recent.find(1, id), recent.find(2, id)]).toEqual([10, 20]);
  });
});

/** Ids as of UUID version 7: they begin with the time. */
function inOrder(): () => Buffer {
  let time = 0;
  return () => {
    const id = randomBytes(16);
    time += 1;
    id.writeUIntBE(time >> 4, 0, 6);
    return id;
  };
}
