/** When the node starts a scavenge automatically, and how fast a scavenge runs. */
export interface Schedule {
  /** Interval of the checks. */
  readonly checkEveryMs: number;
  /** Due when this many bytes were appended since the start of the last one. */
  readonly growthBytes: number;
  /** Due this long after the last one if anything was appended. */
  readonly everyMs: number;
  /** Due this long after the last one in any case, since events exceed `$maxAge` without appends. */
  readonly idleEveryMs: number;
  /** Minimum pause between two steps of a scavenge. */
  readonly minPauseMs: number;
}

export const SCHEDULE: Schedule = {
  checkEveryMs: 60_000,
  growthBytes: 32 * 1024 * 1024,
  everyMs: 300_000,
  idleEveryMs: 3_600_000,
  minPauseMs: 2,
};

/** Returns whether an automatic scavenge is due, from the bytes appended and the time since the last one. */
export function isDue(schedule: Schedule, grownBytes: number, idleMs: number): boolean {
  const { growthBytes, everyMs, idleEveryMs } = schedule;
  return grownBytes >= growthBytes || (grownBytes > 0 && idleMs >= everyMs) || idleMs >= idleEveryMs;
}
