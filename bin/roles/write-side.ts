import { KeyedCommands } from '../../command-handling/idempotency/keyed-commands.ts';
import { withTimeout } from '../../platform/async/timeout.ts';
import { Unavailable } from '../../platform/http/response/errors.ts';
import type { SessionDocument, SessionsBody } from '../../projections/sessions/document.ts';
import { sessionsProjection } from '../../projections/sessions/projection.ts';
import { findSessions } from '../../projections/sessions/queries.ts';
import { createCommandApi } from '../../write-side/command-api.ts';
import { createPriceCache } from '../../write-side/items/price-cache.ts';
import type { Services } from '../services.ts';
import { version } from '../version.ts';
import type { RunningRole } from './running-role.ts';

/** Milliseconds that a list waits while the read store is unavailable. */
const LIST_WITHIN_MS = 2_000;

async function listSessions(services: Services, userId: string): Promise<readonly SessionDocument[]> {
  const unavailable = () => new Unavailable('the read store does not respond');
  const readStore = await withTimeout(services.readStore(), LIST_WITHIN_MS, unavailable);
  return findSessions(await readStore.live<SessionsBody>(sessionsProjection), userId);
}

/** Starts the command API. */
export async function startWriteSide(services: Services): Promise<RunningRole> {
  const { config, metrics, stopping } = services;
  const { secret, tokenIssuer, tokenAudience, publicUrl, corsOrigins, trustedProxies, rateLimit } = config;
  const logger = services.logger('write-side');
  const store = services.store();
  const app = createCommandApi({
    handler: services.handler(),
    keyed: new KeyedCommands(store, logger),
    store,
    eventStore: () => store.watch.check,
    prices: createPriceCache({ store, logger, signal: stopping, isTrusted: () => store.watch.isTrusted }),
    payments: services.payments(),
    keyStore: await services.keyStore(),
    passwords: services.passwords(),
    listSessions: (userId) => listSessions(services, userId),
    onSessionEnded: (sessionId, userId) => services.endedSessions().sessionEnded(sessionId, userId),
    sessions: await services.sessionRules(),
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
