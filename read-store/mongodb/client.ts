import { MongoClient, type MongoClientOptions } from 'mongodb';
import { redactSecretsOf } from '../../platform/config/redact-url.ts';
import { ReadStoreUnusable } from '../errors.ts';

const DEFAULT_DATABASE = 'orderstream';

/**
 * What correctness rests on, whatever the URL says; docs/adr/0006 tells why.
 * A majority is asked for reading and for writing, of the primary, so that no election takes back what anybody has seen.
 */
const FIXED = {
  readPreference: 'primary',
  readConcernLevel: 'majority',
  w: 'majority',
  retryWrites: true,
} as const;

/** What holds where the URL does not say otherwise, in milliseconds. */
const DEFAULTS: MongoClientOptions = {
  appName: 'orderstream',
  retryReads: true,
  // For a majority: beyond it the outcome is unknown, and the write is repeated behind its fence.
  wtimeoutMS: 10_000,
  // The time that an election may take before what was asked is answered with 503.
  serverSelectionTimeoutMS: 5_000,
  connectTimeoutMS: 5_000,
  waitQueueTimeoutMS: 5_000,
  // A server that has gone silent without closing its connections is found out by its heartbeats, after 7 s.
  heartbeatFrequencyMS: 2_000,
  // For one command of a server whose heart still beats.
  socketTimeoutMS: 30_000,
};

/** Throws `ReadStoreUnusable` when the URL cannot be read, or asks for less than correctness needs. */
export function clientFor(url: string): MongoClient {
  const given = new Map(
    [...new URLSearchParams(url.split('?')[1])].map(([name, value]) => [name.toLowerCase(), value]),
  );
  for (const [name, needed] of Object.entries(FIXED)) {
    const value = given.get(name.toLowerCase());
    if (value !== undefined && value !== String(needed))
      throw new ReadStoreUnusable(
        `READ_STORE_URL has ${name}=${value}, and the read models need ${name}=${needed}: leave it out`,
      );
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
    throw new ReadStoreUnusable(`READ_STORE_URL cannot be read: ${redactSecretsOf(url, why)}`);
  }
}

/** The database in a URL's path; several hosts make it more than `URL` can read. */
export function databaseOf(url: string): string {
  const name = /^mongodb(?:\+srv)?:\/\/[^/?]*\/([^?]+)/.exec(url)?.[1];
  return name === undefined ? DEFAULT_DATABASE : decodeURIComponent(name);
}
