import { type Decider, unchanged } from '../kernel/decider.ts';
import { unhandled } from '../kernel/domain-error.ts';
import { defineEvent, type EventOf } from '../kernel/event.ts';
import { Instant } from '../kernel/values.ts';

/** Risky work is about to be attempted. Recorded before it, on a stream of its own for each piece of work. */
export const AttemptRecorded = defineEvent('AttemptRecorded', 1, { attemptedAt: Instant });
/** The last attempt has ended, in success or failure: its worker did not crash. */
export const AttemptsCleared = defineEvent('AttemptsCleared', 1, {});

export const attemptEvents = [AttemptRecorded, AttemptsCleared] as const;
export type AttemptEvent = EventOf<(typeof attemptEvents)[number]>;

export type AttemptCommand =
  | { readonly type: 'RecordAttempt'; readonly at: string }
  | { readonly type: 'ClearAttempts' };

/** Attempts that were recorded and never cleared. */
export interface Attempts {
  readonly open: number;
}

/** Number of attempts without an end after which the work counts as crashing its workers. */
export const MAX_OPEN_ATTEMPTS = 3;

/** Counts the attempts of one piece of risky work. `RecordAttempt` records nothing once the work must not be tried again. */
export const attemptsDecider: Decider<Attempts, AttemptCommand, AttemptEvent> = {
  decide: (command, { open }) => {
    switch (command.type) {
      case 'RecordAttempt':
        if (open >= MAX_OPEN_ATTEMPTS) return [];
        return [{ type: 'AttemptRecorded', data: { attemptedAt: command.at } }];
      case 'ClearAttempts':
        return open === 0 ? [] : [{ type: 'AttemptsCleared', data: {} }];
      default:
        return unhandled(command);
    }
  },
  evolve: (state, event) => {
    switch (event.type) {
      case 'AttemptRecorded':
        return { open: state.open + 1 };
      case 'AttemptsCleared':
        return { open: 0 };
      default:
        return unchanged(state, event);
    }
  },
  initialState: { open: 0 },
};
