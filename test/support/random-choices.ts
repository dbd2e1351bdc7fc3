import { createHash, randomInt } from 'node:crypto';
import { say } from './print-json.ts';

/** Random choices that a seed repeats. */
export interface Moments {
  /** A whole number from 0 to below the limit. */
  below(limit: number): number;
  /** One of these; throws `RangeError` when there is none. */
  oneOf<Choice>(choices: readonly Choice[]): Choice;
}

const SEEDS = 2 ** 31;

/** The choices of a leg of the kill tests, by their purpose. Prints the seed, `KILL_SEED` or another each time, that repeats them. */
export function momentsOfLeg(leg: string): (purpose: string) => Moments {
  const seed = Number(process.env.KILL_SEED ?? randomInt(SEEDS));
  say({ leg, KILL_SEED: seed });
  return (purpose) => momentsOf(seed, purpose);
}

/** The choices of one seed and purpose. Each purpose has its own, whatever the others choose meanwhile. */
function momentsOf(seed: number, purpose: string): Moments {
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
