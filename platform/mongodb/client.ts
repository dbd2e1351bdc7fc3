import { MongoClient, type MongoClientOptions } from 'mongodb';
import { redactSecretsOf } from '../config/redact-url.ts';

/**
 * Options that correctness needs; the URL cannot change them (docs/adr/0006). Majority reads from and majority writes to the
 * primary: no election can undo what a client has read.
 */
const FIXED = {
  readPreference: 'primary',
  readConcernLevel: 'majority',
  w: 'majority',
  retryWrites: true,
} as const;

/** Defaults that the URL can override; times in milliseconds. */
const DEFAULTS: MongoClientOptions = {
  appName: 'orderstream',
  retryReads: true,
  // Limit for a majority. After it the outcome is unknown, and the write is repeated.
  wtimeoutMS: 10_000,
  // Maximum duration of an election before a request gets a 503.
  serverSelectionTimeoutMS: 5_000,
  connectTimeoutMS: 5_000,
  waitQueueTimeoutMS: 5_000,
  // Heartbeats detect a silent server with open connections after 7 s.
  heartbeatFrequencyMS: 2_000,
  // Limit of one command while heartbeats succeed.
  socketTimeoutMS: 30_000,
};

/** The store that a client is for. */
export interface MongoStore {
  /** The variable that holds the URL, such as `READ_STORE_URL`. */
  readonly setting: string;
  /** Subject of error messages with its verb: `the read models need`. */
  readonly needs: string;
  /** The store's error for what an operator has to correct. */
  readonly unusable: new (
    message: string,
    options?: ErrorOptions,
  ) => Error;
}

/** Creates the client. Throws the store's `unusable` when the URL is invalid or weakens an option that correctness needs. */
export function createClient(url: string, { setting, needs, unusable: Unusable }: MongoStore): MongoClient {
  const given = new Map(
    [...new URLSearchParams(url.split('?')[1])].map(([name, value]) => [name.toLowerCase(), value]),
  );
  for (const [name, needed] of Object.entries(FIXED)) {
    const value = given.get(name.toLowerCase());
    if (value !== undefined && value !== String(needed))
      throw new Unusable(`${setting} has ${name}=${value}, and ${needs} ${name}=${needed}: leave it out`);
  }
  const defaults = Object.entries(DEFAULTS).filter(([name]) => !given.has(name.toLowerCase()));
  try {
    return new MongoClient(url, {
      ...Object.fromEntries(defaults),
      ...FIXED,
      useBigInt64: true,
      ignoreUndefined: true,
    });
  } catch (error) {
    // Errors have several classes, since other packages parse parts of the URL.
    const why = error instanceof Error ? error.message : String(error);
    throw new Unusable(`${setting} cannot be read: ${redactSecretsOf(url, why)}`);
  }
}

/** Returns the database in the URL's path, else `fallback`. `URL` cannot parse URLs with several hosts. */
export function databaseOf(url: string, fallback: string): string {
  const name = /^mongodb(?:\+srv)?:\/\/[^/?]*\/([^?]+)/.exec(url)?.[1];
  return name === undefined ? fallback : decodeURIComponent(name);
}
