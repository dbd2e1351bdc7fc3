import { LRUCache } from 'lru-cache';
import { ConcurrencyConflict, QueueFull } from '../command-handling/errors.ts';
import { Refusal } from '../domain/kernel/refusal.ts';
import {
  AppendOutcomeUnknown,
  AppendTooLarge,
  EventStoreAway,
  InvalidEvent,
  NewerEventVersion,
  StreamGone,
  UndecodableEvent,
  WrongRevision,
} from '../event-store/errors.ts';
import { ReadStoreUnavailable } from '../read-store/errors.ts';

/**
 * Faults that trying again cannot mend: a mistake in the program, an event that it cannot read, a refusal that nobody
 * expected.
 */
const LASTING = [
  TypeError,
  RangeError,
  ReferenceError,
  SyntaxError,
  Refusal,
  AppendTooLarge,
  InvalidEvent,
  NewerEventVersion,
  UndecodableEvent,
  StreamGone,
];

/** No fault of the step's own: a store is away, or others were faster. However long that takes, it is waited for. */
const OUTAGES = [
  EventStoreAway,
  ReadStoreUnavailable,
  AppendOutcomeUnknown,
  WrongRevision,
  QueueFull,
  ConcurrencyConflict,
];

export const isPassing = (error: unknown): boolean =>
  error instanceof Error && !LASTING.some((fault) => error instanceof fault);
/** Returns whether an error is an unavailable store or a conflict, which affects many orders at once. */
export const isOutage = (error: unknown): boolean => OUTAGES.some((fault) => error instanceof fault);

/** How often a step may fail for reasons of its own before it is set aside, in one process. */
export const RETRIES = 10;
/** Steps whose failures are counted: those that failed last. */
const REMEMBERED = 10_000;

export interface Judge {
  /** What to do about a step, known by a name of its own, that failed: try it again later, or set it aside. */
  readonly failed: (step: string, error: unknown) => { readonly giveUp: boolean; readonly reason: string };
  readonly succeeded: (step: string) => void;
}

/** Outages are not counted; other faults that may pass are, and what they keep coming for is given up. */
export function judge(): Judge {
  const failures = new LRUCache<string, number>({ max: REMEMBERED });
  return {
    failed: (step, error) => {
      const reason = reasonOf(error);
      if (!isPassing(error)) return { giveUp: true, reason };
      if (isOutage(error)) return { giveUp: false, reason };
      const count = (failures.get(step) ?? 0) + 1;
      failures.set(step, count);
      if (count <= RETRIES) return { giveUp: false, reason };
      failures.delete(step);
      return { giveUp: true, reason: `still failing after ${RETRIES} retries: ${reason}` };
    },
    succeeded: (step) => void failures.delete(step),
  };
}

export const reasonOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : `something was thrown: ${String(error)}`;
