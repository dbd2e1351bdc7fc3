import { z } from 'zod';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import type { Projection } from '../../projections/projection.ts';
import { readModels } from '../../projections/read-models.ts';
import type { ModelStatus } from '../../read-store/read-store.ts';
import { freshness, freshnessHeaders } from '../requests/parameters.ts';
import { staff } from '../requests/permissions.ts';
import { fieldsParameter, onlyFields } from '../responses/field-selection.ts';
import { ProjectionStatus } from '../responses/projection-status.ts';
import type { ChangeFeed } from '../waiting/change-feed.ts';
import type { FreshReads } from '../waiting/fresh-reads.ts';
import { BEHIND, orSome } from './route-parts.ts';

export const projectionRoutes = (
  reads: FreshReads,
  feed: Pick<ChangeFeed, 'lagMs' | 'position'>,
): Route[] => [
  defineRoute({
    method: 'get',
    path: '/api/v1/projections',
    tag: 'projections',
    summary: 'Position and status of every read model',
    description: 'With a position, the response waits until all read models have passed it.',
    roles: staff,
    query: z.strictObject({ fields: fieldsParameter(ProjectionStatus), ...freshness }),
    headers: freshnessHeaders,
    responses: {
      200: {
        description: 'Every read model',
        schema: z
          .strictObject({ items: z.array(orSome(ProjectionStatus)) })
          .meta({ example: { items: [ProjectionStatus.meta()?.example] } }),
      },
    },
    problems: { 504: BEHIND },
    handle: async (request) => {
      await Promise.all(readModels.map((model) => reads.caughtUp(model, request)));
      const statuses = new Map((await reads.readStore.statuses()).map((status) => [status.name, status]));
      const items = await Promise.all(
        readModels.map((model) => statusOf(reads, feed, model, statuses.get(model.name))),
      );
      const body = { items: items.map((item) => onlyFields(item, request.query.fields)) };
      return { status: 200, headers: { 'cache-control': 'no-store' }, body };
    },
  }),
];

/**
 * Returns the status of a model. The feed is ahead of the checkpoint when no event concerned the model. A model without a
 * position or a status has not been written yet.
 */
async function statusOf(
  { readStore }: FreshReads,
  feed: Pick<ChangeFeed, 'lagMs' | 'position'>,
  model: Projection,
  known: ModelStatus | undefined,
) {
  const documents = await readStore.live(model);
  const stored = (await documents.checkpoint())?.commit ?? 0n;
  const heard = feed.position(model.name) ?? 0n;
  return {
    name: model.name,
    generation: documents.generation,
    position: (heard > stored ? heard : stored).toString(),
    lagMs: feed.lagMs(model.name),
    status: known?.status ?? 'catching-up',
    ...(known?.error === undefined ? {} : { error: known.error }),
  };
}
