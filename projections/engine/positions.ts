import type { Position } from '../../event-store/codec/recorded-event.ts';

/** A position in the log; undefined is before the first event. */
export type LogPosition = Position | undefined;

/** Returns a negative number when `a` comes first in the log, 0 when they are equal. */
export function comparePositions(a: LogPosition, b: LogPosition): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  if (a.commit !== b.commit) return a.commit < b.commit ? -1 : 1;
  return a.prepare === b.prepare ? 0 : a.prepare < b.prepare ? -1 : 1;
}

export const isAfter = (a: LogPosition, b: LogPosition): boolean => comparePositions(a, b) > 0;

export const latest = (a: LogPosition, b: LogPosition): LogPosition => (isAfter(b, a) ? b : a);
