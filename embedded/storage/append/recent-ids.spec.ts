import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { RecentIds } from './recent-ids.ts';

describe('recent ids', () => {
  it('finds the newest 100,000 ids, random or sequential', () => {
    for (const make of [() => randomBytes(16), sequentialIds()]) {
      const recent = new RecentIds();
      const ids = Array.from({ length: 100_000 }, () => make());
      ids.forEach((id, i) => {
        recent.add(1, id, i + 1);
      });

      const known = ids.filter((id, i) => recent.find(1, id) === i + 1).length;
      expect(known / ids.length).toBeGreaterThan(0.999);
    }
  });

  it('finds the same id separately in two streams', () => {
    const recent = new RecentIds();
    const id = randomBytes(16);
    recent.add(1, id, 10);
    recent.add(2, id, 20);

    expect([recent.find(1, id), recent.find(2, id)]).toEqual([10, 20]);
  });
});

/** Creates ids like UUID version 7, which begin with the time. */
function sequentialIds(): () => Buffer {
  let time = 0;
  return () => {
    const id = randomBytes(16);
    time += 1;
    id.writeUIntBE(time >> 4, 0, 6);
    return id;
  };
}
