import { createHash } from 'node:crypto';
import { z } from 'zod';
import { MAX_PARKED } from '../../domain/parking/decider.ts';
import { MAX_REQUESTED_AT_ONCE } from '../../domain/parking/replays.ts';
import { defineRoute } from '../../platform/http/route.ts';
import type { CommandRoute } from '../command-services.ts';
import { commandResponse, reachedFields, success } from '../http/command-response.ts';
import { filterFields, ItemId } from './item-response.ts';
import { parkedCommandRoute, parkingTarget, sendToParking } from './parking-list.ts';

export const ReplayId = z.string().regex(/^[0-9a-f]{24}$/, 'the id of a replay is 24 hexadecimal digits');

/** The id of the replay in the examples of the OpenAPI document. */
export const exampleReplay = '0d4f1b7c92e6a35810c7d2f4';

/** Without a body: all parked items, as fast as possible. */
const ReplayRequest = z
  .strictObject({
    ids: z.array(ItemId).min(1).max(MAX_PARKED).optional().meta({
      description: 'The items to replay; items that are no longer parked are skipped.',
    }),
    ...filterFields,
    perSecond: z.int().min(1).max(MAX_REQUESTED_AT_ONCE).optional().meta({
      description: 'Maximum number of items replayed in a second; no limit when absent.',
    }),
  })
  .refine(
    ({ ids, reason, kind, orderId }) => ids === undefined || (reason ?? kind ?? orderId) === undefined,
    { path: ['ids'], message: 'give either ids or filters (reason, kind, orderId), not both' },
  )
  .optional()
  .meta({
    id: 'ReplayRequest',
    example: { reason: 'retries-exhausted', perSecond: 10 },
    // The same rule in JSON Schema.
    not: { anyOf: Object.keys(filterFields).map((filter) => ({ required: ['ids', filter] })) },
  });

const ReplayOfMany = z
  .object({
    replayId: ReplayId,
    requested: z.int().min(0).meta({ description: 'number of items that will be replayed' }),
    ...reachedFields,
  })
  .meta({
    id: 'ReplayOfMany',
    example: { replayId: exampleReplay, requested: 12, revision: '29', position: '9240' },
  });

export const replayItems: CommandRoute = ({ handler, runCommand, clock }) =>
  defineRoute({
    ...parkedCommandRoute,
    method: 'post',
    path: '/api/v1/parked/replay',
    summary: 'Replays parked items: all, those that match the filters, or those with the given ids',
    description:
      'Exceptions are left out: they cannot be replayed. The replay can be cancelled while it runs.',
    body: ReplayRequest,
    responses: { 200: success('they will be replayed', ReplayOfMany) },
    handle: (request) =>
      runCommand(request, parkingTarget, async (options) => {
        const { ids, perSecond, ...filter } = request.body ?? {};
        const replayId = replayIdOf(options.context.commandId);
        const { events, ...reached } = await sendToParking(handler, options, {
          type: 'StartReplay',
          replayId,
          items: ids === undefined ? filter : { ids },
          ...(perSecond !== undefined && { perSecond }),
          requestedBy: request.caller.sub,
          at: clock().toISOString(),
        });
        const started = events.find((event) => event.type === 'ItemsReplayStarted');
        const requested = started?.data.itemIds.length ?? 0;
        return commandResponse(200, { replayId, requested }, reached);
      }),
  });

/** Returns the id of the replay that a command starts: the same request with the same key always starts the same replay. */
const replayIdOf = (commandId: string): string =>
  createHash('sha256').update(`replay ${commandId}`).digest('hex').slice(0, 24);
