import { z } from 'zod';
import { defineRoute } from '../../platform/http/route.ts';
import type { CommandRoute } from '../command-services.ts';
import { commandResponse, reachedFields, success } from '../http/command-response.ts';
import { Reason } from '../http/text-schemas.ts';
import { ItemId, ItemPath } from './item-response.ts';
import { notParked, parkedCommandRoute, parkingTarget, sendToParking } from './parking-list.ts';

const DiscardRequest = z
  .strictObject({ reason: Reason })
  .meta({ id: 'DiscardRequest', example: { reason: 'the order was a test' } });

const Discard = z.object({ id: ItemId, status: z.literal('discarded'), ...reachedFields }).meta({
  id: 'Discard',
  example: { id: '5f7c2d0a9b1e4c3d8f6a7b21', status: 'discarded', revision: '18', position: '9131' },
});

export const discardItem: CommandRoute = ({ handler, runCommand }) =>
  defineRoute({
    ...parkedCommandRoute,
    method: 'post',
    path: '/api/v1/parked/:id/discard',
    summary: 'Discards one parked item',
    description: 'It leaves the list and is not handled. The operator and the reason are recorded.',
    params: ItemPath,
    body: DiscardRequest,
    responses: { 200: success('discarded', Discard) },
    problems: {
      ...notParked,
      409: 'it is being replayed, or it is about money that is still owed',
    },
    handle: (request) => {
      const { id } = request.params;
      const { reason } = request.body;
      return runCommand(request, parkingTarget, async (options) => {
        const command = { type: 'DiscardItem', itemId: id, reason, discardedBy: request.caller.sub } as const;
        const reached = await sendToParking(handler, options, command);
        return commandResponse(200, { id, status: 'discarded' }, reached);
      });
    },
  });
