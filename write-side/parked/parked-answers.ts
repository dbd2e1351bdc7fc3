import { z } from 'zod';
import { StepSubject } from '../../event-catalogue/parked-events.ts';
import type { ParkedStep } from '../../process-managers/parked/state.ts';
import { reachedFields } from '../http/command-response.ts';

const decimal = z.string().regex(/^\d+$/);

export const StepId = z.string().regex(/^[0-9a-f]{24}$/, 'the id of a parked step is 24 hexadecimal digits');

const parkedStep = {
  id: '5f7c2d0a9b1e4c3d8f6a7b21',
  group: 'fulfilment',
  kind: 'event',
  stream: 'order-01a20184-bd75-737b-b1d4-a86ccd3d3e63',
  revision: '0',
  type: 'OrderPlaced',
  orderId: '01a20184-bd75-737b-b1d4-a86ccd3d3e63',
  reason: 'the inventory did not answer',
  at: '2026-01-31T12:00:00.000Z',
  times: 2,
  status: 'parked',
};

/** A parked step as it is listed. */
export const ParkedStepAnswer = z
  .object({
    id: StepId,
    ...StepSubject.shape,
    group: z.string().meta({ description: 'which process manager set it aside', example: 'fulfilment' }),
    kind: StepSubject.shape.kind.meta({
      description:
        'an event that could not be handled, a wait whose deadlines cannot be fired or whose calls fail, a refund that the payment provider rejects, or an exception: the provider or the carrier contradicted the record',
    }),
    revision: decimal.optional().meta({ description: 'of the event in its stream' }),
    type: z.string().optional().meta({
      description: 'type of the event, of the wait or of the exception',
      example: 'OrderPlaced',
    }),
    reason: z.string(),
    at: z.iso.datetime().meta({ description: 'when it was set aside, the last time' }),
    times: z.int().min(1).meta({ description: 'how often it was set aside' }),
    status: z.enum(['parked', 'replaying']),
  })
  .meta({ id: 'ParkedStep', example: parkedStep });

export const ParkedList = z
  .object({
    items: z.array(ParkedStepAnswer),
    next: z.string().nullable().meta({ description: 'the cursor of the next page' }),
  })
  .meta({ id: 'ParkedSteps', example: { items: [parkedStep], next: null } });

export const ReplayAnswer = z.object({ id: StepId, status: z.literal('replaying'), ...reachedFields }).meta({
  id: 'Replay',
  example: { id: '5f7c2d0a9b1e4c3d8f6a7b21', status: 'replaying', revision: '17', position: '9120' },
});
export const ReplayAllAnswer = z
  .object({
    requested: z.int().min(0).meta({ description: 'steps that will be replayed' }),
    ...reachedFields,
  })
  .meta({ id: 'ReplayOfAll', example: { requested: 12, revision: '29', position: '9240' } });
export const DiscardAnswer = z.object({ id: StepId, status: z.literal('discarded'), ...reachedFields }).meta({
  id: 'Discard',
  example: { id: '5f7c2d0a9b1e4c3d8f6a7b21', status: 'discarded', revision: '18', position: '9131' },
});

export const parkedStepAnswer = ({ stepId, subject, reason, parkedAt, times, status }: ParkedStep) => ({
  id: stepId,
  ...subject,
  reason,
  at: parkedAt,
  times,
  status,
});
