import type { RequestListener } from 'node:http';
import { CustomerId } from '../domain/kernel/ids.ts';
import { KeyStoreUnavailable, KeyStoreUnusable } from '../key-store/errors.ts';
import { type ApiOptions, createApi, type DeploymentOptions } from '../platform/http/create-api.ts';
import { type ProblemRow, problem } from '../platform/http/response/problems.ts';
import { ReadStoreUnavailable } from '../read-store/errors.ts';
import type { ReadStore } from '../read-store/read-store.ts';
import type { RoleWatch } from '../read-store/role-watch.ts';
import { readinessOf, type WatchedReadStore } from './health.ts';
import type { LiveUpdates } from './live/live-updates.ts';
import type { Decrypt } from './responses/personal-data.ts';
import { accountRoutes } from './routes/accounts.ts';
import { customerRoutes } from './routes/customers.ts';
import { itemRoutes } from './routes/items.ts';
import { liveRoutes } from './routes/live.ts';
import { orderRoutes } from './routes/orders.ts';
import { parkedRoutes } from './routes/parked.ts';
import { paymentRoutes } from './routes/payments.ts';
import { projectionRoutes } from './routes/projections.ts';
import { rebuildRoutes } from './routes/rebuilds.ts';
import { salesRoutes } from './routes/sales.ts';
import { shipmentRoutes } from './routes/shipments.ts';
import { statusRoute } from './routes/status.ts';
import type { ChangeFeed } from './waiting/change-feed.ts';
import { FreshReads, ReadModelBehind } from './waiting/fresh-reads.ts';

export interface QueryApiOptions extends DeploymentOptions, Pick<ApiOptions, 'stopping'> {
  readonly readStore: ReadStore;
  readonly watch: WatchedReadStore;
  /** Health of the roles of all processes. */
  readonly roles: Pick<RoleWatch, 'statuses'>;
  /** Check of the event store for health: `ok`, or a sentence. */
  readonly eventStore: () => string;
  /** Check of the key store for health: `ok`, or a sentence. */
  readonly keyStoreCheck: () => string;
  readonly decrypt: Decrypt;
  readonly feed: Pick<ChangeFeed, 'waitFor' | 'connected' | 'lagMs' | 'position'>;
  readonly live: Pick<LiveUpdates, 'listen'>;
  /** Whether clients without a token see products; false by default. */
  readonly publicCatalogue?: boolean;
}

const problems: readonly ProblemRow[] = [
  problem(ReadModelBehind, 504, 'read-model-behind', 'The read model is behind', ({ model, wanted }) => ({
    extra: { model, wanted: wanted.toString() },
  })),
  problem(ReadStoreUnavailable, 503, 'read-store-away', 'The read store is unavailable', {
    detail: 'the read store does not respond; retry after the time in Retry-After',
    retryAfterSeconds: 1,
  }),
  problem(KeyStoreUnavailable, 503, 'key-store-away', 'The key store is unavailable', {
    detail:
      'the key store does not respond, so personal data cannot be decrypted; retry after the time in Retry-After',
    retryAfterSeconds: 1,
  }),
  problem(KeyStoreUnusable, 503, 'key-store-unusable', 'The key store cannot be used', {
    detail: 'an operator has to look after the key store; the log says why',
    retryAfterSeconds: 60,
  }),
];

/** Creates the query API, which reads only the read models. A new query is a route in `routes/`, listed here. */
export function createQueryApi({
  readStore,
  watch,
  roles,
  eventStore,
  keyStoreCheck,
  decrypt,
  feed,
  live,
  publicCatalogue = false,
  ...options
}: QueryApiOptions): RequestListener {
  const reads = new FreshReads(readStore, feed);
  return createApi({
    ...options,
    subject: CustomerId,
    // High, since most requests in flight wait for a position, which costs almost nothing.
    admission: { maxInFlight: 1_000 },
    title: 'Orderstream query API',
    description:
      'What was placed, paid, shipped and sold, from read models that follow the events. Amounts are integers in minor units (pence, cents), times ISO 8601 in UTC. Lists come in pages: `next` is the cursor of the next one, null on the last.',
    routes: [
      ...liveRoutes(reads, live),
      ...orderRoutes(reads, decrypt),
      ...itemRoutes(reads, publicCatalogue),
      ...paymentRoutes(reads),
      ...shipmentRoutes(reads),
      ...customerRoutes(reads),
      ...accountRoutes(reads, decrypt),
      ...salesRoutes(reads),
      ...parkedRoutes(reads),
      ...projectionRoutes(reads, feed),
      ...rebuildRoutes(readStore),
      statusRoute({ roles, readStore, eventStoreCheck: eventStore, readStoreCheck: () => watch.readStore }),
    ],
    problems,
    ready: async () => readinessOf(watch, feed, { eventStore: eventStore(), keyStore: keyStoreCheck() }),
  });
}
