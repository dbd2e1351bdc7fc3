import { createCommandHandler } from '../../command-handling/create-command-handler.ts';
import { KeyedCommands } from '../../command-handling/idempotency/keyed-commands.ts';
import { silent } from '../../event-store/logger.ts';
import { simulatedPayments } from '../../integrations/payments/simulated-payments.ts';
import { memoryKeyStore } from '../../key-store/testing/memory-key-store.ts';
import { type Listening, listen } from '../../platform/http/server/listen.ts';
import { secretKey } from '../../platform/http/tokens/secret-key.ts';
import { signToken } from '../../platform/http/tokens/tokens.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { hasherInThisProcess } from '../../platform/passwords/testing/hasher-in-this-process.ts';
import { createCommandApi } from '../../write-side/command-api.ts';
import { createPriceCache } from '../../write-side/items/price-cache.ts';
import { serveRequests } from '../harness/bench-process.ts';
import { unresponsiveStore as store } from './fake-event-store.ts';

// Runs a command API for the clients of `connections.ts`.

export interface Measurement {
  readonly port: number;
  /** Tokens of several callers, since each caller may open only a part of all connections. */
  readonly tokens: readonly string[];
  /** Resident memory in MiB, after a garbage collection. */
  readonly resident: number;
  /** Bytes in buffers, mostly received data that is not handled yet. */
  readonly buffers: number;
}

const secret = secretKey('0123456789abcdef0123456789abcdef');

const start = async (): Promise<Listening> =>
  listen(
    createCommandApi({
      handler: createCommandHandler({ store }),
      keyed: new KeyedCommands(store),
      store,
      eventStore: () => 'ok',
      prices: createPriceCache({ store, logger: silent, signal: new AbortController().signal }),
      payments: simulatedPayments(),
      keyStore: await memoryKeyStore(),
      passwords: hasherInThisProcess(),
      listSessions: async () => [],
      onSessionEnded: () => {},
      publicUrl: 'http://127.0.0.1:8080',
      accounts: {
        records: { openOrders: async () => [], everything: async () => ({}) },
        confirmation: true,
      },
      keyStoreCheck: () => 'ok',
      secret,
      logger: createLogger({ level: 'error', silent: true }),
      metrics: createMetrics('bench'),
      version: 'bench',
      clock: () => new Date(),
    }),
    { host: '127.0.0.1', port: 0 },
  );

let server: Listening | undefined;
const tokens = ['ann', 'bob', 'carl', 'dora'].map((sub) => signToken(secret, { sub, role: 'customer' }));

serveRequests<object, Measurement>(async () => {
  server ??= await start();
  globalThis.gc?.();
  const { rss, arrayBuffers } = process.memoryUsage();
  return { port: server.port, tokens, resident: rss / 2 ** 20, buffers: arrayBuffers };
});
