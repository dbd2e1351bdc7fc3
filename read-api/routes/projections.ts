import { z } from 'zod';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import { readModels } from '../../projections/models.ts';
import type { Projection } from '../../projections/projection.ts';
import type { ModelStatus } from '../../read-store/read-store.ts';
import type { ChangeFeed } from '../change-feed.ts';
import { freshness, freshnessHeaders } from '../parameters.ts';
import { staff } from '../permissions.ts';
import type { Reading } from '../reading.ts';
import { ProjectionStatus } from '../schemas.ts';
import { BEHIND } from './describe.ts';

export const projectionRoutes = (reading: Reading, feed: Pick<ChangeFeed, 'lagMs'>): Route[] => [
  defineRoute({
    method: 'get',
    path: '/api/v1/projections',
    tag: 'projections',
    summary: 'How far the read models have come',
    description: 'A position asked for is one that all of them are to have passed.',
    roles: staff,
    query: z.strictObject(freshness),
    headers: freshnessHeaders,
    responses: {
      200: {
        description: 'Every read model',
        schema: z.strictObject({ items: z.array(ProjectionStatus) }),
      },
    },
    problems: { 504: BEHIND },
    handle: async (request) => {
      await Promise.all(readModels.map((model) => reading.caughtUp(model, request)));
      const statuses = new Map((await reading.readStore.statuses()).map((status) => [status.name, status]));
      const items = await Promise.all(
        readModels.map((model) => statusOf(reading, feed, model, statuses.get(model.name))),
      );
      return { status: 200, headers: { 'cache-control': 'no-store' }, body: { items } };
    },
  }),
];

/** Nothing was written yet of a model without a checkpoint or a status. */
async function statusOf(
  { readStore }: Reading,
  feed: Pick<ChangeFeed, 'lagMs'>,
  model: Projection<unknown>,
  known: ModelStatus | undefined,
) {
  const [generation, documents] = await Promise.all([
    readStore.liveGeneration(model.name),
    readStore.live(model),
  ]);
  const checkpoint = await documents.checkpoint();
  return {
    name: model.name,
    generation,
    position: (checkpoint?.commit ?? 0n).toString(),
    lagMs: feed.lagMs(model.name),
    status: known?.status ?? 'catching-up',
    ...(known?.error === undefined ? {} : { error: known.error }),
  };
}
