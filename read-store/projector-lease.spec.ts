import { describe, expect, it } from 'vitest';
import { LeaseObserver } from './projector-lease.ts';

const lease = (beat: number, owner = 'one') => ({ owner, url: '', beat });

describe('the owner of a lease', () => {
  let now = 0;
  const observer = () => {
    now = 0;
    return new LeaseObserver(3_000, () => now);
  };
  const at = (ms: number) => {
    now = ms;
  };

  it('is not alive when there is no lease', () => {
    expect(observer().isAlive(undefined)).toBe(false);
  });

  it('is alive while the lease changes, for any clock of the owner', () => {
    const seen = observer();
    for (const [ms, beat] of [
      [0, 50],
      [2_900, 40],
      [5_800, 90],
      [8_700, 41],
    ] as const) {
      at(ms);
      expect(seen.isAlive(lease(beat))).toBe(true);
    }
  });

  it('counts as crashed when the lease has not changed for its time', () => {
    const seen = observer();
    const alive = [0, 1_000, 2_000, 2_999, 3_000].map((ms) => {
      at(ms);
      return seen.isAlive(lease(7));
    });
    expect(alive).toEqual([true, true, true, true, false]);
  });

  it('is alive again when it renews the lease, and when another owner has it', () => {
    const seen = observer();
    seen.isAlive(lease(7));
    for (const ms of [1_500, 3_000]) {
      at(ms);
      seen.isAlive(lease(7));
    }
    expect([lease(8), lease(8, 'two')].map((each) => seen.isAlive(each))).toEqual([true, true]);
  });

  it('is observed again after the observer was suspended', () => {
    const seen = observer();
    seen.isAlive(lease(7));
    at(3_600_000);
    expect(seen.isAlive(lease(7))).toBe(true);
    at(3_601_500);
    expect(seen.isAlive(lease(7))).toBe(false);
  });
});
