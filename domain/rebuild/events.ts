import { z } from 'zod';
import { defineEvent, type EventOf } from '../kernel/event.ts';
import { Instant } from '../kernel/values.ts';

/** An admin wants a read model to be rebuilt; with `dryRun`, only compared with what its events come to. */
export const RebuildRequested = defineEvent('RebuildRequested', 1, {
  rebuildId: z.uuid(),
  model: z.string(),
  dryRun: z.boolean(),
  requestedBy: z.string(),
  requestedAt: Instant,
});

export const rebuildEvents = [RebuildRequested] as const;
export type RebuildEvent = EventOf<(typeof rebuildEvents)[number]>;
