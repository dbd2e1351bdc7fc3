import type { MongoClient } from 'mongodb';
import * as mongodb from '../../platform/mongodb/client.ts';
import { ReadStoreUnusable } from '../errors.ts';

/** Creates the client. Throws `ReadStoreUnusable` when the URL is invalid or weakens an option that correctness needs. */
export const createClient = (url: string): MongoClient =>
  mongodb.createClient(url, {
    setting: 'READ_STORE_URL',
    needs: 'the read models need',
    unusable: ReadStoreUnusable,
  });

/** Returns the database in the URL's path. */
export const databaseOf = (url: string): string => mongodb.databaseOf(url, 'orderstream');
