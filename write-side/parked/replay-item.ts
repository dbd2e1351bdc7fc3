import { z } from 'zod';
import { defineRoute } from '../../platform/http/route.ts';
import type { CommandRoute } from '../command-services.ts';
import { commandResponse, reachedFields, success } from '../http/command-response.ts';
import { ItemId, ItemPath } from './item-response.ts';
import { notParked, parkedCommandRoute, parkingTarget, sendToParking } from './parking-list.ts';

const Replay = z.object({ id: ItemId, status: z.literal('replaying'), ...reachedFields }).meta({
  id: 'Replay',
  example: { id: '5f7c2d0a9b1e4c3d8f6a7b21', status: 'replaying', revision: '17', position: '9120' },
});

export const replayItem: CommandRoute = ({ handler, runCommand, clock }) =>
  defineRoute({
    ...parkedCommandRoute,
    method: 'post',
    path: '/api/v1/parked/:id/replay',
    summary: 'Replays one parked item',
    description:
      'It leaves the list when it succeeds. When it fails again, it is parked with the new reason.',
    params: ItemPath,
    responses: { 200: success('it will be replayed', Replay) },
    problems: {
      ...notParked,
      409: 'an exception has happened and cannot be replayed',
    },
    handle: (request) => {
      const { id } = request.params;
      return runCommand(request, parkingTarget, async (options) => {
        const reached = await sendToParking(handler, options, {
          type: 'RequestReplay',
          itemId: id,
          requestedBy: request.caller.sub,
          at: clock().toISOString(),
        });
        return commandResponse(200, { id, status: 'replaying' }, reached);
      });
    },
  });
