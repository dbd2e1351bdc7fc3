import type { RebuildProgress } from '../../read-store/read-store.ts';

export interface Estimate {
  /** From 0 to 1, by position in the log. */
  readonly fraction: number;
  readonly eventsPerSecond: number;
  /** Undefined while there is nothing to tell it from. */
  readonly secondsLeft: number | undefined;
}

/** What a rebuild's progress comes to, if it goes on as it has since the projector that is at it now began. */
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
