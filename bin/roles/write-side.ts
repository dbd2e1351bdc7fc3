import { KeyedCommands } from '../../command-handling/idempotency/keyed-commands.ts';
import { createSessionList } from '../../projections/sessions/session-list.ts';
import { createCommandApi } from '../../write-side/command-api.ts';
import { createPriceCache } from '../../write-side/items/price-cache.ts';
import { createPersonRecords } from '../person-records.ts';
import type { Services } from '../services.ts';
import { version } from '../version.ts';
import type { RunningRole } from './running-role.ts';

/** Starts the command API. */
export async function startWriteSide(services: Services): Promise<RunningRole> {
  const { config, metrics, stopping } = services;
  const { secret, tokenIssuer, tokenAudience, publicUrl, corsOrigins, trustedProxies, rateLimit } = config;
  const logger = services.logger('write-side');
  const store = services.store();
  const keyStore = await services.keyStore();
  const app = createCommandApi({
    handler: services.handler(),
    keyed: new KeyedCommands(store, logger),
    store,
    eventStore: () => store.watch.check,
    keyStore,
    keyStoreCheck: services.keyStoreCheck,
    prices: createPriceCache({ store, logger, signal: stopping, isTrusted: () => store.watch.isTrusted }),
    payments: services.payments(),
    passwords: services.passwords(),
    listSessions: createSessionList(services.readStore),
    onSessionEnded: (sessionId, userId) => services.endedSessions().sessionEnded(sessionId, userId),
    sessions: await services.sessionRules(),
    accounts: {
      records: createPersonRecords({ store, readStore: services.readStore }),
      confirmation: config.accountConfirmation,
      requestsPerSource: config.signUpRateLimit,
    },
    secret,
    tokenIssuer,
    tokenAudience,
    publicUrl,
    corsOrigins,
    trustedProxies,
    imageOrigins: config.imageOrigins,
    logger,
    metrics,
    version,
    clock: () => new Date(),
    ...(rateLimit && { rateLimit }),
  });
  await store.warmUp();
  const server = await services.listen('write-side', app, config.commandPort, 'COMMAND_PORT');
  return { addresses: { 'command API': server.url }, stop: () => server.close() };
}
