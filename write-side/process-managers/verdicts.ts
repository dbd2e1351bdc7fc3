import { Refusal } from '../../domain/kernel/refusal.ts';
import {
  AppendTooLarge,
  InvalidEvent,
  NewerEventVersion,
  StreamGone,
  UndecodableEvent,
} from '../../event-store/errors.ts';
import type { Verdict } from '../../event-store/persistent-subscription.ts';

/**
 * Faults that trying again cannot mend: a mistake in the program, an event that it cannot read, a refusal that nobody
 * expected. All others (the store away, a full queue, a conflict, an outcome unknown) may pass.
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

export const isPassing = (error: unknown): boolean =>
  error instanceof Error && !LASTING.some((fault) => error instanceof fault);

/** A passing fault is retried until it has kept coming for `limit` retries; all else is parked with its reason. */
export function verdictOn(error: unknown, retryCount: number, limit: number): Verdict {
  const reason = reasonOf(error);
  if (!isPassing(error)) return { verdict: 'park', reason };
  return retryCount < limit
    ? { verdict: 'retry', reason }
    : { verdict: 'park', reason: `still failing after ${retryCount} retries: ${reason}` };
}

export const reasonOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : `something was thrown: ${String(error)}`;
