const MAX_MEASUREMENTS = 1000;
const PERCENTILES = [90, 95, 99, 99.5, 99.9];

/** The last 1,000 times from delivery to acknowledgement, in ms. */
export class Latencies {
  readonly #times: number[] = [];
  #next = 0;

  add(milliseconds: number): void {
    this.#times[this.#next] = milliseconds;
    this.#next = (this.#next + 1) % MAX_MEASUREMENTS;
  }

  /** Returns the statistics of `extraStatistics` by name; empty without measurements. */
  summary(): Map<string, number> {
    const sorted = [...this.#times].sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
    if (!sorted.length) return new Map();
    const mean = sorted.reduce((sum, time) => sum + time, 0) / sorted.length;
    return new Map([
      ['Mean', Math.round(mean)],
      ['Median', at(0.5)],
      ['Fastest', at(0)],
      ...[1, 2, 3, 4, 5].map((n): [string, number] => [`Quintile ${n}`, at(n / 5)]),
      ...PERCENTILES.map((n): [string, number] => [`${n}%`, at(n / 100)]),
      ['Highest', at(1)],
    ]);
  }
}
