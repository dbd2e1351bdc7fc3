import { createHash, randomInt } from 'node:crypto';

/** Random choices that a seed repeats. */
export interface Moments {
  /** A whole number from 0 to below the limit. */
  below(limit: number): number;
  /** One of these; throws `RangeError` when there is none. */
  oneOf<Choice>(choices: readonly Choice[]): Choice;
}

const SEEDS = 2 ** 31;

/** Of this run of the kill tests: `KILL_SEED`, or another each time. */
export const killSeed = (): number => Number(process.env.KILL_SEED ?? randomInt(SEEDS));

/** The choices of one seed and purpose. Each purpose has its own, whatever the others choose meanwhile. */
export function momentsOf(seed: number, purpose: string): Moments {
  let state = createHash('sha256').update(`${seed} ${purpose}`).digest().readUInt32LE();
  // Mulberry32: 32 bits of state, one round of mixing for each number.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    oneOf: (choices) => {
      if (choices.length === 0) throw new RangeError('there is nothing to choose from');
      return choices[below(choices.length)] as (typeof choices)[number];
    },
  };
}
