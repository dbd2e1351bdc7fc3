import { z } from 'zod';
import { defineRoute } from '../../platform/http/route.ts';
import type { CommandRoute } from '../command-services.ts';
import { commandResponse, reachedFields, success } from '../http/command-response.ts';
import { parkedCommandRoute, parkingTarget, sendToParking } from './parking-list.ts';
import { exampleReplay, ReplayId } from './replay-items.ts';

const ReplayPath = z.strictObject({
  replayId: ReplayId.meta({
    description: 'The id of the replay, from the response that started it.',
    example: exampleReplay,
  }),
});

const CancelledReplay = z
  .object({
    replayId: ReplayId,
    status: z.enum(['cancelled', 'finished']).meta({
      description: 'finished: all items were already handled, so there was nothing to cancel',
    }),
    ...reachedFields,
  })
  .meta({
    id: 'CancelledReplay',
    example: { replayId: exampleReplay, status: 'cancelled', revision: '30', position: '9251' },
  });

export const cancelReplay: CommandRoute = ({ handler, runCommand }) =>
  defineRoute({
    ...parkedCommandRoute,
    method: 'delete',
    path: '/api/v1/parked/replays/:replayId',
    summary: 'Cancels a running replay',
    description: 'Items that are not replayed yet stay parked; items that are being handled are finished.',
    params: ReplayPath,
    responses: { 200: success('no further item is replayed', CancelledReplay) },
    problems: { 404: 'there was no such replay' },
    handle: (request) => {
      const { replayId } = request.params;
      return runCommand(request, parkingTarget, async (options) => {
        const command = { type: 'CancelReplay', replayId, cancelledBy: request.caller.sub } as const;
        const { state, ...reached } = await sendToParking(handler, options, command);
        const status = state.endedReplays.values.get(replayId) ?? 'cancelled';
        return commandResponse(200, { replayId, status }, reached);
      });
    },
  });
