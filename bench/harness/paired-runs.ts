/** Of both sides, what they did per second (or took, or weighed), and how they compare: medians of pairs. */
export interface Pair {
  readonly ours: number;
  readonly theirs: number;
  readonly ratio: number;
}

/** Both in turn, several times, and the median of the ratios: what else the machine does meets both alike. */
export async function inPairs(
  pairs: number,
  ours: () => Promise<number>,
  theirs: () => Promise<number>,
): Promise<Pair> {
  const rounds: Pair[] = [];
  for (let round = 0; round < pairs; round++) {
    // Whoever goes first finds the machine as the one before left it: that is each side's turn, every other time.
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

/** The value below which this share of them lies. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

export const median = (values: readonly number[]): number => quantile(values, 0.5);
