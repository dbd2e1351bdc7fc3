import { z } from 'zod';
import { pause } from '../../platform/async/backoff.ts';
import { ResourceNotFound } from '../../platform/http/response/errors.ts';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import { readModels } from '../../projections/read-models.ts';
import { RebuildRequests } from '../../projections/rebuild/rebuild-requests.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import { Rebuild, rebuildStatus } from '../responses/rebuild.ts';

/** Milliseconds until a rebuild counts as unknown: the projector may not have heard of a new request yet. */
const HEARD_WITHIN_MS = 2_000;
const LOOK_EVERY_MS = 50;

export const rebuildRoutes = (
  readStore: Pick<ReadStore, 'metadata' | 'replaceMetadata' | 'statuses' | 'live'>,
): Route[] => {
  const requests = new RebuildRequests(readStore);

  const find = async (rebuildId: string) => {
    const deadline = performance.now() + HEARD_WITHIN_MS;
    for (;;) {
      const found = await requests.find(rebuildId);
      if (found !== undefined) return found;
      if (performance.now() > deadline) throw new ResourceNotFound('rebuild', rebuildId);
      await pause(LOOK_EVERY_MS);
    }
  };

  /** Returns how far the generation that is built for a request has come, and the position that the live one has reached. */
  const progressOf = async (model: string, generation: number | undefined) => {
    const [statuses, position] = await Promise.all([readStore.statuses(), livePosition(model)]);
    const progress = statuses.find(({ name }) => name === model)?.rebuild;
    const isBuilt = generation !== undefined && progress?.generation === generation;
    return { position, ...(isBuilt && { progress }) };
  };
  const livePosition = async (name: string) => {
    const declared = readModels.find((model) => model.name === name);
    return declared && (await (await readStore.live(declared)).checkpoint())?.commit;
  };

  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/rebuilds/:rebuildId',
      tag: 'projections',
      summary: 'The progress of a rebuild that the command API has begun',
      description: 'Of those that have ended, the last 100 are kept.',
      roles: ['admin'],
      params: z.strictObject({
        rebuildId: z.uuid().meta({
          description: 'The id of the rebuild, from the response that requested it.',
          example: '01a20184-bd75-737b-b1d4-a86ccd3d3e63',
        }),
      }),
      responses: { 200: { description: 'The rebuild', schema: Rebuild } },
      problems: { 404: 'No such rebuild was requested, or it ended long ago' },
      handle: async ({ params: { rebuildId } }) => {
        const { model, dryRun, taken, outcome } = await find(rebuildId);
        const { position = 0n, progress } = await progressOf(model, taken);
        const [done, total] =
          outcome?.kind === 'switched' || outcome?.kind === 'compared'
            ? [position, position]
            : [BigInt(progress?.position ?? 0), BigInt(progress?.target ?? position)];
        return {
          status: 200,
          headers: { 'cache-control': 'no-store' },
          body: {
            rebuildId,
            model,
            dryRun,
            ...rebuildStatus(outcome, taken !== undefined),
            done: Number(done),
            total: Number(total),
          },
        };
      },
    }),
  ];
};
