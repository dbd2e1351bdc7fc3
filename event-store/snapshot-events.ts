import { z } from 'zod';
import { defineEvent } from '../domain/kernel/event.ts';

const Digits = z.string().regex(/^\d+$/);

/** The state that a stream's events lead to, up to a revision; `shape` and `version` say who can read it. */
export const SnapshotTaken = defineEvent(
  'SnapshotTaken',
  1,
  z.strictObject({
    shape: z.string(),
    version: z.int().min(1),
    revision: Digits,
    position: z.strictObject({ commit: Digits, prepare: Digits }),
    state: z.unknown(),
  }),
);

export const snapshotEvents = [SnapshotTaken] as const;
