import { z } from 'zod';
import type { RebuildOutcome } from '../../projections/rebuild/rebuild-outcome.ts';

const position = z.int().min(0);

/** A rebuild of a read model as the query API shows it. */
export const Rebuild = z
  .strictObject({
    rebuildId: z.uuid(),
    model: z.string(),
    dryRun: z.boolean(),
    status: z.enum(['requested', 'running', 'done', 'stopped', 'refused']).meta({
      description:
        'stopped: at an event that the read model cannot handle; the projector retries a rebuild, a dry run has ended. refused: a dry run was requested during a rebuild, or the other way round',
    }),
    done: position.meta({ description: 'position in the log that the new state has reached' }),
    total: position.meta({ description: 'position in the log that it has to reach' }),
    generation: z.int().optional().meta({ description: 'the generation that is live after a rebuild' }),
    differing: position.optional().meta({ description: 'number of documents that differ, after a dry run' }),
    differences: z
      .array(z.strictObject({ id: z.string(), difference: z.string() }))
      .optional()
      .meta({ description: 'the first 50 of them' }),
    error: z
      .strictObject({ stream: z.string(), revision: z.string(), reason: z.string() })
      .optional()
      .meta({ description: 'the event at which it stopped' }),
  })
  .meta({
    id: 'Rebuild',
    example: {
      rebuildId: '01a20184-bd75-737b-b1d4-a86ccd3d3e63',
      model: 'orders',
      dryRun: true,
      status: 'done',
      done: 9251,
      total: 9251,
      differing: 0,
      differences: [],
    },
  });

/** Returns the status of a rebuild and what belongs to it. `hasBegun` says whether a projector builds it. */
export function rebuildStatus(outcome: RebuildOutcome | undefined, hasBegun: boolean) {
  switch (outcome?.kind) {
    case undefined:
      return { status: hasBegun ? 'running' : 'requested' };
    case 'switched':
      return { status: 'done', generation: outcome.generation };
    case 'compared':
      return { status: 'done', differing: outcome.differing, differences: outcome.differences };
    case 'stopped':
      return { status: 'stopped', error: outcome.error };
    default:
      return { status: 'refused' };
  }
}
