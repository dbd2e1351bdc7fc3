import { z } from 'zod';
import { Revision, Text, WholeNumber } from '../../projections/documents/document-schema.ts';

export const ProjectionStatus = z
  .strictObject({
    name: Text,
    generation: WholeNumber,
    position: Revision,
    /** Milliseconds since the read model was last known to be current. */
    lagMs: WholeNumber,
    status: z.enum(['live', 'catching-up', 'rebuilding', 'stopped']),
    error: z.strictObject({ stream: Text, revision: Text, reason: Text }).optional(),
  })
  .meta({ example: { name: 'orders', generation: 1, position: '10423', lagMs: 0, status: 'live' } });
