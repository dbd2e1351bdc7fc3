import { z } from 'zod';
import { defineEvent } from '../domain/kernel/event.ts';

const Digits = z.string().regex(/^\d+$/);

const ofState = {
  shape: z.string(),
  version: z.int().min(1),
  revision: Digits,
  position: z.strictObject({ commit: Digits, prepare: Digits }),
};

/** The state that a stream's events lead to, up to a revision; `shape` and `version` say who can read it. */
export const SnapshotTaken = defineEvent(
  'SnapshotTaken',
  1,
  z.strictObject({ ...ofState, state: z.unknown() }),
);
/** The same of a state too large for one event: its JSON as a text, which begins here and goes on in so many parts. */
export const SnapshotBegun = defineEvent(
  'SnapshotBegun',
  1,
  z.strictObject({ ...ofState, text: z.string(), parts: z.int().min(1) }),
);
/** How it goes on, on a stream of its own, so that of each the last is kept; `revision` says of which. */
export const SnapshotPart = defineEvent(
  'SnapshotPart',
  1,
  z.strictObject({ revision: Digits, text: z.string() }),
);

export const snapshotEvents = [SnapshotTaken, SnapshotBegun, SnapshotPart] as const;
