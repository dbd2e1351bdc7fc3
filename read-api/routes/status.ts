import { z } from 'zod';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import { parkedProjection } from '../../projections/parked/projection.ts';
import { countParkedItems } from '../../projections/parked/queries.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import type { RoleWatch } from '../../read-store/role-watch.ts';
import { staff } from '../requests/permissions.ts';

const Check = z.string().meta({ description: 'ok, or what is wrong', example: 'ok' });

const Status = z
  .strictObject({
    roles: z.array(
      z.strictObject({
        role: z.string(),
        instance: z.string().meta({ description: 'host and process id' }),
        ready: z.boolean(),
        checks: z.record(z.string(), z.string()),
      }),
    ),
    parked: z
      .int()
      .min(0)
      .nullable()
      .meta({ description: 'number of parked items; null while it is not known' }),
    eventStore: Check,
    readStore: Check,
  })
  .meta({
    id: 'Status',
    example: {
      roles: [
        {
          role: 'write-side',
          instance: 'shop-1:4711',
          ready: true,
          checks: { eventStore: 'ok' },
        },
      ],
      parked: 0,
      eventStore: 'ok',
      readStore: 'ok',
    },
  });

export interface StatusSources {
  readonly roles: Pick<RoleWatch, 'statuses'>;
  readonly readStore: Pick<ReadStore, 'live'>;
  /** `ok`, or a sentence. */
  readonly eventStoreCheck: () => string;
  readonly readStoreCheck: () => string;
}

/** The state of the whole system. It answers also while a store is unavailable. */
export const statusRoute = ({ roles, readStore, eventStoreCheck, readStoreCheck }: StatusSources): Route =>
  defineRoute({
    method: 'get',
    path: '/api/v1/status',
    tag: 'system',
    summary: 'Every role with its health, the number of parked items, and the stores',
    description:
      'Roles report their health every 2 s. A role whose process has crashed is not ready after 5 s, and is left out after a minute. The embedded event store is no role here: eventStore tells about it.',
    roles: staff,
    responses: { 200: { description: 'The state of the system', schema: Status } },
    handle: async () => ({
      status: 200,
      headers: { 'cache-control': 'no-store' },
      body: {
        roles: roles.statuses(),
        parked: await parkedIn(readStore),
        eventStore: eventStoreCheck(),
        readStore: readStoreCheck(),
      },
    }),
  });

async function parkedIn(readStore: Pick<ReadStore, 'live'>): Promise<number | null> {
  try {
    return await countParkedItems(await readStore.live(parkedProjection));
  } catch {
    return null;
  }
}
