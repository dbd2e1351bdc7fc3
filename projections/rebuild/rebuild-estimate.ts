import type { RebuildProgress } from '../../read-store/read-store.ts';

export interface Estimate {
  /** From 0 to 1, by position in the log. */
  readonly fraction: number;
  readonly eventsPerSecond: number;
  /** Undefined before the first progress. */
  readonly secondsLeft: number | undefined;
}

/** Estimates the end of a rebuild from its progress since the current projector started or resumed it. */
export function estimateRebuild({ from, position, target, events, elapsedMs }: RebuildProgress): Estimate {
  const [begun, reached, end] = [Number(from), Number(position), Number(target)];
  const seconds = elapsedMs / 1_000;
  const done = reached - begun;
  return {
    fraction: end === 0 ? 1 : Math.min(1, reached / end),
    eventsPerSecond: seconds === 0 ? 0 : events / seconds,
    secondsLeft: done <= 0 ? undefined : (Math.max(0, end - reached) / done) * seconds,
  };
}
