/** Medians over all pairs: the rate, time or size of both sides, and their ratio. */
export interface Pair {
  readonly ours: number;
  readonly theirs: number;
  readonly ratio: number;
}

/** Measures both sides in turn, several times, so that other load on the machine affects both alike. */
export async function measureInPairs(
  pairs: number,
  ours: () => Promise<number>,
  theirs: () => Promise<number>,
): Promise<Pair> {
  const rounds: Pair[] = [];
  for (let round = 0; round < pairs; round++) {
    // Each side is first in every other round, since the first run affects the second.
    const first = round % 2 === 0 ? await ours() : await theirs();
    const second = round % 2 === 0 ? await theirs() : await ours();
    const [our, their] = round % 2 === 0 ? [first, second] : [second, first];
    rounds.push({ ours: our, theirs: their, ratio: our / their });
  }
  return {
    ours: median(rounds.map(({ ours }) => ours)),
    theirs: median(rounds.map(({ theirs }) => theirs)),
    ratio: median(rounds.map(({ ratio }) => ratio)),
  };
}

/** Returns the value below which this share of the values lies. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

export const median = (values: readonly number[]): number => quantile(values, 0.5);
