import { z } from 'zod';

/** The stream of the newest snapshot of another stream. */
export const snapshotStream = (stream: string): string => `snapshot-${stream}`;

/** The stream of a further part, from 1 on, of a snapshot that is too large for one event. */
export const snapshotPartStream = (stream: string, part: number): string =>
  `snapshot-part-${part}-of-${stream}`;

const Digits = z.string().regex(/^\d+$/);

const ofState = {
  shape: z.string(),
  version: z.int().min(1),
  revision: Digits,
  position: z.strictObject({ commit: Digits, prepare: Digits }),
};

/** The state of a stream at a revision. `shape` and `version` name the code that can read it. */
export const SnapshotTaken = {
  type: 'SnapshotTaken',
  version: 1,
  schema: z.strictObject({ ...ofState, state: z.unknown() }),
} as const;

/** The start of a state that is too large for one event: the first piece of its JSON, and the number of further parts. */
export const SnapshotBegun = {
  type: 'SnapshotBegun',
  version: 1,
  schema: z.strictObject({ ...ofState, text: z.string(), parts: z.int().min(1) }),
} as const;

/** A further piece of its JSON. Each part has its own stream, which keeps only its last event. */
export const SnapshotPart = {
  type: 'SnapshotPart',
  version: 1,
  schema: z.strictObject({ revision: Digits, text: z.string() }),
} as const;

export const snapshotEvents = [SnapshotTaken, SnapshotBegun, SnapshotPart] as const;
