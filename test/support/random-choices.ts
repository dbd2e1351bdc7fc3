import { createHash, randomInt } from 'node:crypto';
import { printJson } from './print-json.ts';

/** Random choices that a seed repeats. */
export interface RandomChoices {
  /** Returns a whole number from 0 to below the limit. */
  below(limit: number): number;
  /** Returns one of these; throws `RangeError` when there is none. */
  oneOf<Choice>(choices: readonly Choice[]): Choice;
}

const SEEDS = 2 ** 31;

/**
 * Returns a function that creates the random choices of one purpose in a test. Prints the seed. `KILL_SEED` sets the seed
 * and repeats a run; the default is random.
 */
export function createRandomChoices(test: string): (purpose: string) => RandomChoices {
  const seed = Number(process.env.KILL_SEED ?? randomInt(SEEDS));
  printJson({ test, KILL_SEED: seed });
  return (purpose) => choicesOf(seed, purpose);
}

/** Each purpose has its own sequence, so that concurrent purposes do not change each other's choices. */
function choicesOf(seed: number, purpose: string): RandomChoices {
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
