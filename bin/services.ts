import { Worker } from 'node:worker_threads';
import type { Logger } from 'winston';
import { commandMetrics } from '../command-handling/command-metrics.ts';
import { createCommandHandler } from '../command-handling/create-command-handler.ts';
import { catalogue } from '../event-catalogue/catalogue.ts';
import { connectEventStore, type EventStoreConnection } from '../event-store/connect.ts';
import { DataVersionMismatch } from '../event-store/errors.ts';
import { resilientPayments } from '../integrations/payments/resilient-payments.ts';
import { simulatedPayments } from '../integrations/payments/simulated-payments.ts';
import { KeyStoreUnavailable, KeyStoreUnusable } from '../key-store/errors.ts';
import { KEY_STORE_UNAVAILABLE, KeyStoreWatch } from '../key-store/key-store-watch.ts';
import { openKeyStore } from '../key-store/open-key-store.ts';
import { pause } from '../platform/async/backoff.ts';
import type { Config } from '../platform/config/config.ts';
import { redactUrl } from '../platform/config/redact-url.ts';
import { cacheSessionKeys } from '../platform/http/tokens/session-keys.ts';
import { createLogger } from '../platform/logging/logger.ts';
import { ChildPasswordHasher } from '../platform/passwords/child-password-hasher.ts';
import { readModels } from '../projections/read-models.ts';
import { FollowedSessions } from '../projections/sessions/ended-sessions.ts';
import { ReadStoreUnavailable } from '../read-store/errors.ts';
import { openReadStore } from '../read-store/open-read-store.ts';
import { READ_STORE_UNAVAILABLE, ReadStoreWatch } from '../read-store/read-store-watch.ts';
import { createBasicServices } from './basic-services.ts';
import { waitForStore } from './start/stores/wait-for-store.ts';

/** The built file, since a worker thread cannot run TypeScript. */
const APPEND_WORKER = new URL('../event-store/append/append-worker.js', import.meta.url);

/** Objects that the roles of one process share. Each is created at its first use. */
export type Services = ReturnType<typeof createServices>;

export function createServices(config: Config, process: string) {
  let isMuted = false;
  const basic = createBasicServices(config, process, (level) => isMuted && level === 'warn');
  const { logger, metrics, stopping } = basic;
  const contact = {
    logger: createLogger({ level: config.logLevel, role: process }),
    signal: stopping,
  };
  const closing: (() => Promise<void>)[] = [];
  let fail: (error: Error) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // The rejection may come before the start handles it.
  failed.catch(() => {});
  const store = once(() => {
    const connection = connectEventStore({
      catalogue,
      url: config.eventStoreUrl,
      logger: logger('event-store'),
      appendThread: (workerData) => new Worker(APPEND_WORKER, { workerData }),
    });
    closing.push(() => connection.close());
    // Before the first answer, all warnings of the roles have one cause, which is logged here.
    isMuted = true;
    const what = `the event store at ${redactUrl(config.eventStoreUrl)}`;
    const answered = waitForStore({ ...contact, what, connect: () => connection.head() });
    void answered
      .finally(() => {
        isMuted = false;
      })
      .then(() => announceNewerTypes(connection, logger('event-store')))
      .catch((error) => {
        if (error instanceof DataVersionMismatch) fail(error);
      });
    connection.watch.start();
    connection.watch.changed.then((error) => {
      logger('event-store').error(error.message);
      fail(error);
    });
    return connection;
  });
  const readStore = once(async () => {
    const warn = (message: string) => void logger('read-store').warn(message);
    const opened = await waitForStore({
      ...contact,
      what: `the read store at ${redactUrl(config.readStoreUrl)}`,
      connect: () => openReadStore(config.readStoreUrl, warn),
      isTemporary: (error) => error instanceof ReadStoreUnavailable,
    });
    closing.push(() => opened.close());
    return opened;
  });
  let keyStoreWatch: KeyStoreWatch | undefined;
  const keyStore = once(async () => {
    const { keyStoreUrl, masterKey } = config;
    if (masterKey === undefined) throw new KeyStoreUnusable('MASTER_KEY is needed to open the key store');
    const warn = (message: string) => void logger('key-store').warn(message);
    const opened = await waitForStore({
      ...contact,
      what: `the key store at ${redactUrl(keyStoreUrl)}`,
      connect: () => openKeyStore(keyStoreUrl, masterKey, warn),
      isTemporary: (error) => error instanceof KeyStoreUnavailable,
    });
    closing.push(() => opened.close());
    const started = new KeyStoreWatch(opened, logger('key-store'));
    closing.push(() => started.close());
    keyStoreWatch = started;
    return opened;
  });
  let watch: ReadStoreWatch | undefined;
  const watchReadStore = once(async () => {
    const started = new ReadStoreWatch({
      readStore: await readStore(),
      logger: logger('read-store'),
      models: readModels.map(({ name }) => name),
    });
    closing.push(() => started.close());
    watch = started;
    return started;
  });
  const endedSessions = once(
    () =>
      new FollowedSessions({
        store: store(),
        readStore: () => within(READ_STORE_WAIT_MS, readStore()),
        logger: logger('sessions'),
        clock: () => new Date(),
        signal: stopping,
      }),
  );
  return {
    ...basic,
    store,
    /** One command handler for all roles of a process, so that they share its cached states and its queue per stream. */
    handler: once(() => {
      const handler = createCommandHandler({
        store: store(),
        snapshots: store().snapshots,
        logger: logger('command-handler'),
        isTrusted: () => store().watch.isTrusted,
      });
      commandMetrics(metrics, handler);
      return handler;
    }),
    /** The ends of sessions, as this process follows them. */
    endedSessions,
    /** How access tokens are verified. */
    sessionRules: once(async () => {
      const keys = await keyStore();
      return {
        keys: cacheSessionKeys(() => keys.signingKeys()),
        issuer: config.publicUrl,
        ended: endedSessions(),
      };
    }),
    /** Hashes passwords in a process of its own, which starts at the first one. */
    passwords: once(() => {
      const hasher = new ChildPasswordHasher();
      closing.push(async () => hasher.close());
      return hasher;
    }),
    payments: once(() => resilientPayments(simulatedPayments())),
    /** Opens the read store; waits while it is unavailable. Throws `ReadStoreUnusable`. */
    readStore,
    /**
     * Opens the key store, and watches it for health; waits while it is unavailable. Throws `KeyStoreUnusable`, also for a wrong
     * master key.
     */
    keyStore,
    /** Check of the key store for health, also before it is open. */
    keyStoreCheck: () => keyStoreWatch?.check ?? KEY_STORE_UNAVAILABLE,
    /** Watches the open read store; health reads its last observation. */
    watchReadStore,
    /** Store checks for health, also before the read store is open. */
    stores: () => ({
      eventStore: store().watch.check,
      readStore: watch?.readStore ?? READ_STORE_UNAVAILABLE,
    }),
    /**
     * Rejects with `EventStoreChanged` when the event store was replaced or restored to an older state, and with
     * `DataVersionMismatch` when another version of the program wrote it.
     */
    failed,
    /** Closes the stores, once every role has stopped. */
    close: async () => {
      await basic.close();
      // Close the watch before the store that it reads.
      for (const close of closing.splice(0).reverse()) await close();
    },
  };
}

/** How long the ends of sessions wait for the read store before they are read from the log. */
const READ_STORE_WAIT_MS = 5_000;

/** Resolves like `work`; undefined after `ms`. */
const within = <Result>(ms: number, work: Promise<Result>): Promise<Result | undefined> =>
  Promise.race([work, pause(ms, undefined, { ref: false }).then(() => undefined)]);

/** An older version reads the log without errors and skips unknown event types, so it logs a warning. */
async function announceNewerTypes(store: EventStoreConnection, log: Logger): Promise<void> {
  const newer = await store.newerTypes();
  if (newer.length > 0)
    log.warn(
      'a newer version has used this event store: this version skips events of types that it does not know',
      { types: newer },
    );
}

function once<T>(create: () => T): () => T {
  let created: { readonly value: T } | undefined;
  return () => {
    created ??= { value: create() };
    return created.value;
  };
}
