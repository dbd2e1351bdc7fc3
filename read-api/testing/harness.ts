import { request } from 'node:http';
import { Registry } from 'prom-client';
import winston from 'winston';
import type { KeyStore } from '../../key-store/key-store.ts';
import { PersonalDataCipher } from '../../key-store/personal-data.ts';
import { memoryKeyStore } from '../../key-store/testing/memory-key-store.ts';
import type { Role } from '../../platform/http/route.ts';
import { type Listening, listen } from '../../platform/http/server/listen.ts';
import { secretKey } from '../../platform/http/tokens/secret-key.ts';
import { signToken } from '../../platform/http/tokens/tokens.ts';
import { readModels } from '../../projections/read-models.ts';
import type { RecordedShopEvent } from '../../projections/shop-event.ts';
import { fold } from '../../projections/testing/fold.ts';
import type { TestLog } from '../../projections/testing/log.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import { RoleWatch } from '../../read-store/role-watch.ts';
import { sqliteReadStore, type TestReadStore } from '../../read-store/testing/adapters.ts';
import { makeLive } from '../../read-store/testing/make-live.ts';
import type { WatchedReadStore } from '../health.ts';
import { LiveUpdates, type LiveUpdatesOptions } from '../live/live-updates.ts';
import { createQueryApi, type QueryApiOptions } from '../query-api.ts';
import type { Decrypt } from '../responses/personal-data.ts';
import { ChangeFeed } from '../waiting/change-feed.ts';
import { EventStream } from './event-stream.ts';
import { healthyReadStore } from './healthy-read-store.ts';

export const SECRET = secretKey('a secret of at least thirty-two bytes');

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at answers as a client does, without types
  readonly body: any;
}

export const silent = winston.createLogger({ silent: true });

interface HarnessOptions extends Pick<QueryApiOptions, 'publicCatalogue'> {
  /** The keys of personal data in the log; in memory by default. */
  readonly keyStore?: KeyStore;
}

/** The query API over a read store of its own, with what the events of a log come to. */
export class QueryApiHarness {
  readonly store: ReadStore;
  readonly keyStore: KeyStore;
  readonly #testStore: TestReadStore;
  readonly #feed: ChangeFeed;
  readonly #live: LiveUpdates;
  readonly #metrics: Registry;
  readonly #listening: Listening;

  /** The state of the read store for health. */
  readonly watch: WatchedReadStore;

  /** Health of the roles of all processes. */
  readonly roles: RoleWatch;

  private constructor(
    test: TestReadStore,
    store: ReadStore,
    keyStore: KeyStore,
    feed: ChangeFeed,
    live: LiveUpdates,
    metrics: Registry,
    watch: WatchedReadStore,
    roles: RoleWatch,
    listening: Listening,
  ) {
    this.#testStore = test;
    this.store = store;
    this.keyStore = keyStore;
    this.#feed = feed;
    this.#live = live;
    this.#metrics = metrics;
    this.watch = watch;
    this.roles = roles;
    this.#listening = listening;
  }

  static async start(
    log: TestLog,
    tuning: Partial<LiveUpdatesOptions> = {},
    { keyStore: given, ...options }: HarnessOptions = {},
  ): Promise<QueryApiHarness> {
    const test = sqliteReadStore();
    const store = await test.open();
    await project(store, log.events);
    const feed = new ChangeFeed({ readStore: store, lease: 'nobody has it', logger: silent });
    const metrics = new Registry();
    const keyStore = given ?? (await memoryKeyStore());
    const cipher = new PersonalDataCipher(keyStore);
    const decrypt: Decrypt = (json) => cipher.decryptAll(json);
    const live = new LiveUpdates({ readStore: store, decrypt, feed, logger: silent, metrics, ...tuning });
    const watch = healthyReadStore();
    const roles = new RoleWatch({ readStore: store });
    const app = createQueryApi({
      readStore: store,
      watch,
      roles,
      eventStore: () => 'ok',
      keyStoreCheck: () => 'ok',
      decrypt,
      feed,
      live,
      version: '0.0.0',
      secret: SECRET,
      logger: silent,
      metrics,
      ...options,
    });
    return new QueryApiHarness(
      test,
      store,
      keyStore,
      feed,
      live,
      metrics,
      watch,
      roles,
      await listen(app, { host: '127.0.0.1', port: 0 }),
    );
  }

  get port(): number {
    return this.#listening.port;
  }

  /** Asks for a path as it stands, unlike `fetch`, which would tidy it up. `as` is `role` or `role:sub`. */
  get(path: string, as: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return raw(this.#listening.port, path, { authorization: bearer(as), ...headers });
  }

  /** Requests a path without a token. */
  anonymous(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return raw(this.#listening.port, path, headers);
  }

  /** Returns the body as text, with digits that a number would lose. */
  async text(path: string, as: string): Promise<string> {
    const answer = await fetch(`http://127.0.0.1:${this.#listening.port}${path}`, {
      headers: { authorization: bearer(as) },
    });
    return answer.text();
  }

  /** For who writes requests by hand. */
  token(as: string, lifetimeSeconds?: number): string {
    return bearer(as, lifetimeSeconds).slice('Bearer '.length);
  }

  /** Listens to a stream of events. */
  listen(path: string, as: string, headers: Readonly<Record<string, string>> = {}): Promise<EventStream> {
    return EventStream.open(this.#listening.port, path, { authorization: bearer(as), ...headers });
  }

  head(path: string, as: string): Promise<EventStream> {
    return EventStream.open(this.#listening.port, path, { authorization: bearer(as) }, 'HEAD');
  }

  /** What Prometheus would be told. */
  metrics(): Promise<string> {
    return this.#metrics.metrics();
  }

  /** Ends the streams, as a process does that stops. */
  endStreams(): void {
    this.#live.close();
  }

  async stop(): Promise<void> {
    this.#live.close();
    await this.#listening.close(0);
    await this.#feed.close();
    await this.roles.close();
    await this.#testStore.dispose();
  }
}

function bearer(as: string, lifetimeSeconds = 3600): string {
  const [role = '', sub = role] = as.split(':');
  return `Bearer ${signToken(SECRET, { sub, role: role as Role, lifetimeSeconds })}`;
}

/** Folds events into every model's first generation, and makes it the live one. */
export async function project(store: ReadStore, events: readonly RecordedShopEvent[]): Promise<void> {
  const end = events.at(-1)?.position ?? { commit: 0n, prepare: 0n };
  for (const model of readModels) {
    const generation = await store.generation(model, 1);
    await generation.commit([...fold(model, events).values()], end);
    await makeLive(store, model, 1);
    await store.writeStatus({ name: model.name, generation: 1, status: 'live' });
  }
}

function raw(port: number, path: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers, agent: false }, async (res) => {
      const text = (await res.toArray()).join('');
      resolve({
        status: res.statusCode ?? 0,
        headers: res.headers,
        body: text === '' ? undefined : JSON.parse(text),
      });
    });
    asked.on('error', reject).end();
  });
}
