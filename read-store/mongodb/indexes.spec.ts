import { describe, expect, it } from 'vitest';
import { ReadStoreUnusable } from '../errors.ts';
import type { ModelDeclaration } from '../read-store.ts';
import { differenceOf, type ExistingIndex } from './indexes.ts';

const orders: ModelDeclaration = {
  name: 'orders',
  indexes: [
    { name: 'byPlaced', fields: ['placedAt'], direction: 'descending' },
    { name: 'byStatus', fields: ['status', 'placedAt'], direction: 'descending' },
  ],
};
const ids: ExistingIndex = { v: 2, name: '_id_', key: { _id: 1 } };
const byPlaced: ExistingIndex = { v: 2, name: 'byPlaced', key: { 'body.placedAt': -1, _id: -1 } };
const byStatus: ExistingIndex = {
  v: 2,
  name: 'byStatus',
  key: { 'body.status': -1, 'body.placedAt': -1, _id: -1 },
};

const difference = (...existing: ExistingIndex[]) => {
  const { missing, outdated } = differenceOf('orders-1', orders, [ids, ...existing]);
  return { missing: missing.map(({ name }) => name), outdated };
};

describe('existing indexes compared with declared ones', () => {
  it('are complete under any name', () => {
    expect(difference(byPlaced, byStatus)).toEqual({ missing: [], outdated: [] });
    expect(difference({ ...byPlaced, name: 'placed' }, byStatus)).toEqual({ missing: [], outdated: [] });
  });

  it('are equal with keys of another number type', () => {
    expect(difference({ ...byPlaced, key: { 'body.placedAt': -1n, _id: -1 } }, byStatus).missing).toEqual([]);
  });

  it('are created when missing', () => {
    expect(difference(byStatus)).toEqual({ missing: ['byPlaced'], outdated: [] });
  });

  it.each([
    ['another field', { 'body.updatedAt': -1, _id: -1 }],
    ['another direction', { 'body.placedAt': 1, _id: 1 }],
    ['without the id', { 'body.placedAt': -1 }],
    ['another order', { _id: -1, 'body.placedAt': -1 }],
  ])('are outdated with other keys: %s', (_, key) => {
    expect(difference({ ...byPlaced, key }, byStatus)).toEqual({
      missing: ['byPlaced'],
      outdated: ['byPlaced'],
    });
  });

  it('stay when they are not declared', () => {
    const another = { v: 2, name: 'mine', key: { 'body.note': 1 }, sparse: true };
    expect(difference(byPlaced, byStatus, another)).toEqual({ missing: [], outdated: [] });
  });
});

describe('an unusable index stops the start, and the error names it', () => {
  it.each<[string, object]>([
    ['sparse', { sparse: true }],
    ['hidden', { hidden: true }],
    ['partialFilterExpression', { partialFilterExpression: { 'body.status': 'placed' } }],
    ['collation', { collation: { locale: 'de' } }],
  ])('a declared index that is %s', (option, options) => {
    const attempt = () => difference({ ...byPlaced, ...options }, byStatus);
    expect(attempt).toThrow(ReadStoreUnusable);
    expect(attempt).toThrow(
      `the index byPlaced of the collection orders-1 has options that are not declared (${option}): ` +
        'drop it: the next start creates it as declared',
    );
  });

  it.each<[string, object]>([
    ['unique', { unique: true }],
    ['expireAfterSeconds', { expireAfterSeconds: 0 }],
  ])('any index that loses documents: %s', (option, options) => {
    const theirs = { v: 2, name: 'theirs', key: { 'body.customerId': 1 }, ...options };
    expect(() => difference(byPlaced, byStatus, theirs)).toThrow(
      `the index theirs of the collection orders-1 has options that are not declared (${option}): ` +
        'drop it, and then rebuild orders, which may lack documents',
    );
  });
});
