import { PersonalDataCipher } from '../../key-store/personal-data.ts';
import { limitWarnings } from '../../platform/logging/limit-warnings.ts';
import { LiveUpdates } from '../../read-api/live/live-updates.ts';
import { createQueryApi } from '../../read-api/query-api.ts';
import type { Decrypt } from '../../read-api/responses/personal-data.ts';
import { ChangeFeed } from '../../read-api/waiting/change-feed.ts';
import { PROJECTOR_LEASE } from '../../read-store/projector-lease.ts';
import { RoleWatch } from '../../read-store/role-watch.ts';
import type { Services } from '../services.ts';
import { version } from '../version.ts';
import { awaitReadStore } from './await-read-store.ts';
import type { RunningRole } from './running-role.ts';
import { watchCheckpoints } from './watch-checkpoints.ts';

/** Starts the query API, which follows the change feed of the projector. */
export async function startReadApi(services: Services): Promise<RunningRole> {
  const { config, metrics, stopping } = services;
  const { secret, tokenIssuer, tokenAudience, publicUrl, corsOrigins, trustedProxies, rateLimit } = config;
  const logger = services.logger('read-api');
  const port = await awaitReadStore(services, config.queryPort, 'QUERY_PORT');
  const readStore = await services.readStore();
  const watch = await services.watchReadStore();
  const feed = new ChangeFeed({ readStore, lease: PROJECTOR_LEASE, logger });
  void watchCheckpoints(readStore, services.store().watch, stopping);
  watch.beforeReopen(async () => () => feed.forget());
  const roles = new RoleWatch({ readStore });
  const keyStore = await services.keyStore();
  const keyStoreLog = limitWarnings(services.logger('key-store'));
  const cipher = new PersonalDataCipher(keyStore, (message) => void keyStoreLog.warn(message));
  const decrypt: Decrypt = (json) => cipher.decryptAll(json);
  const live = new LiveUpdates({ readStore, decrypt, feed, logger, metrics });
  const app = createQueryApi({
    version,
    sessions: await services.sessionRules(),
    secret,
    tokenIssuer,
    tokenAudience,
    publicUrl,
    corsOrigins,
    trustedProxies,
    metrics,
    logger,
    stopping,
    readStore,
    watch,
    roles,
    eventStore: () => services.stores().eventStore,
    keyStoreCheck: services.keyStoreCheck,
    decrypt,
    feed,
    live,
    publicCatalogue: config.publicCatalogue,
    ...(rateLimit && { rateLimit }),
  });
  const server = await services.listen('read-api', app, port, 'QUERY_PORT');
  return {
    addresses: { 'query API': server.url },
    stop: async () => {
      // The server waits for open requests, and live streams never end by themselves.
      live.close();
      await server.close();
      await feed.close();
      await roles.close();
    },
  };
}
