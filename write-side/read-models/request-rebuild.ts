import { z } from 'zod';
import { aggregate } from '../../command-handling/aggregates.ts';
import type { Created } from '../../command-handling/idempotency/create-once.ts';
import type { RebuildEvent } from '../../domain/rebuild/events.ts';
import { RebuildableModel } from '../../domain/rebuild/read-models.ts';
import { rebuildStream } from '../../event-catalogue/streams.ts';
import { ResourceNotFound } from '../../platform/http/response/errors.ts';
import { defineRoute } from '../../platform/http/route.ts';
import type { CommandRoute } from '../command-services.ts';
import { type CommandResponse, commandResponse, reachedFields, success } from '../http/command-response.ts';
import { commandRoute } from '../http/command-route.ts';

const RebuildPath = z.strictObject({
  name: z.string().meta({ description: 'The name of the read model.', example: 'orders' }),
});

/** Without a body: the read model is rebuilt. */
const RebuildRequest = z
  .strictObject({
    dryRun: z.boolean().default(false).meta({
      description: 'Compare the read model with what its events come to, and change nothing.',
    }),
  })
  .optional()
  .meta({ id: 'RebuildRequest', example: { dryRun: true } });

const RequestedRebuild = z
  .object({
    rebuildId: z.uuid(),
    model: RebuildableModel,
    dryRun: z.boolean(),
    ...reachedFields,
  })
  .meta({
    id: 'RequestedRebuild',
    example: {
      rebuildId: '01a20184-bd75-737b-b1d4-a86ccd3d3e63',
      model: 'orders',
      dryRun: true,
      revision: '0',
      position: '9251',
    },
  });

export const requestRebuild: CommandRoute = ({ handler, runCreation, clock }) =>
  defineRoute({
    ...commandRoute,
    method: 'post',
    path: '/api/v1/projections/:name/rebuild',
    summary: 'Rebuilds a read model, or compares it with its events',
    description:
      'The running projector builds the read model anew beside the live one, and then makes the new one live. The query API shows the progress: GET /api/v1/rebuilds/:rebuildId.',
    tag: 'projections',
    roles: ['admin'],
    params: RebuildPath,
    body: RebuildRequest,
    responses: { 202: success('the projector will carry it out', RequestedRebuild) },
    problems: { 404: 'there is no such read model' },
    handle: async (request) => {
      const { success: isKnown, data: model } = RebuildableModel.safeParse(request.params.name);
      if (!isKnown) throw new ResourceNotFound('read model', request.params.name);
      return runCreation(request, { streamOf: rebuildStream, part: 'rebuild', respond }, (id, options) =>
        handler.handle({
          ...aggregate('rebuild', id),
          ...options,
          command: {
            type: 'RequestRebuild',
            rebuildId: id,
            model,
            dryRun: request.body?.dryRun ?? false,
            requestedBy: request.caller.sub,
            requestedAt: clock().toISOString(),
          },
        }),
      );
    },
  });

function respond({ event, ...reached }: Created<RebuildEvent>): CommandResponse {
  const { rebuildId, model, dryRun } = event.data;
  return commandResponse(202, { rebuildId, model, dryRun }, reached);
}
