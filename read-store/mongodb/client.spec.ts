import { describe, expect, it } from 'vitest';
import { ReadStoreUnusable } from '../errors.ts';
import { createClient, databaseOf } from './client.ts';

describe('the options of the URL', () => {
  it('default to majorities of the primary, retries and timeouts', () => {
    const { options } = createClient('mongodb://db:27017/shop');
    expect(options).toMatchObject({
      retryReads: true,
      retryWrites: true,
      serverSelectionTimeoutMS: 5_000,
      connectTimeoutMS: 5_000,
      socketTimeoutMS: 30_000,
    });
    expect(options.readConcern?.level).toBe('majority');
    expect(options.writeConcern).toMatchObject({ w: 'majority', wtimeout: 10_000 });
    expect(options.readPreference.mode).toBe('primary');
  });

  it('override a timeout, in any case of letters', () => {
    const { options } = createClient('mongodb://db/?serverselectiontimeoutms=50&retryWrites=true&w=majority');
    expect(options.serverSelectionTimeoutMS).toBe(50);
  });

  it.each([
    ['w=1', 'w=majority'],
    ['w=0', 'w=majority'],
    ['readConcernLevel=local', 'readConcernLevel=majority'],
    ['readPreference=secondaryPreferred', 'readPreference=primary'],
    ['retryWrites=false', 'retryWrites=true'],
  ])('reject %s', (given, needed) => {
    const attempt = () => createClient(`mongodb://db/shop?${given}`);
    expect(attempt).toThrow(ReadStoreUnusable);
    expect(attempt).toThrow(`READ_STORE_URL has ${given}, and the read models need ${needed}: leave it out`);
  });
});

it.each([
  ['mongodb://db', 'orderstream'],
  ['mongodb://db/?replicaSet=rs0', 'orderstream'],
  ['mongodb://a:1,b:2/shop?replicaSet=rs0', 'shop'],
  ['mongodb+srv://cluster.example/my%20shop', 'my shop'],
])('the MongoDB client for %s uses the database %s', (url, name) => {
  expect(databaseOf(url)).toBe(name);
});

it('the error for an invalid MongoDB URL does not show its password', () => {
  expect(() => createClient('mongodb://ann:se/cr@et@db/shop')).toThrow(
    /^READ_STORE_URL cannot be read: (?!.*cr@et)/,
  );
});

it.each([
  'mongodb://ann:pla%6Eted@db/?tls=maybe',
  'mongodb://ann:pla%zznted@db/shop',
  'mongodb://ann:planted',
  'mongodb://db/?authMechanism=planted',
  'mongodb://ann:planted@db/?authMechanism=MONGODB-X509&tlsCertificateKeyFilePassword=planted&tls=maybe',
  'mongodb+srv://ann:planted@a.example,b.example/shop',
])('the MongoDB client rejects %s without showing its secrets', (url) => {
  const attempt = () => createClient(url);
  expect(attempt).toThrow(ReadStoreUnusable);
  expect(attempt).not.toThrow(/planted|pla%6Eted|pla%zznted/);
});
