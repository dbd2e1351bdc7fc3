import { describe, expect, it } from 'vitest';
import { ReadStoreUnavailable, ReadStoreUnusable } from '../errors.ts';
import { openReadStore } from '../open-read-store.ts';
import type { IndexDeclaration } from '../read-store.ts';
import { buildIndexQuery, keysOf } from './index-query.ts';
import { detectLimits } from './server-limits.ts';

const byYear: IndexDeclaration = { name: 'byYear', fields: ['year', 'author.name'], direction: 'descending' };
const byWord: IndexDeclaration = {
  name: 'byWord',
  fields: ['words', 'title'],
  direction: 'ascending',
  multi: true,
};

describe('a query on MongoDB', () => {
  it('uses an index of the same fields, order and direction, the id last', () => {
    expect(Object.entries(keysOf(byYear))).toEqual([
      ['body.year', -1],
      ['body.author.name', -1],
      ['_id', -1],
    ]);
  });

  it('sorts by the remaining fields, and starts after the last page', () => {
    const query = { index: 'byYear', equals: [1815], from: 'A', after: ['Jane', 'emma'], limit: 5 };
    expect(buildIndexQuery(byYear, query)).toEqual({
      filter: {
        $and: [
          { 'body.year': 1815 },
          { 'body.author.name': { $type: ['string', 'number'] } },
          { 'body.author.name': { $gte: 'A' } },
          { 'body.author.name': { $lte: 'Jane' } },
          {
            $or: [
              { 'body.author.name': { $lt: 'Jane' } },
              { 'body.author.name': 'Jane', _id: { $lt: 'emma' } },
            ],
          },
        ],
      },
      sort: { 'body.author.name': -1, _id: -1 },
      hint: keysOf(byYear),
    });
  });

  it('has one condition for each further element of an array', () => {
    expect(
      buildIndexQuery(byWord, { index: 'byWord', equals: ['a', 'T'], alsoHas: ['b'], limit: 5 }),
    ).toEqual({
      filter: { $and: [{ 'body.words': 'a' }, { 'body.title': 'T' }, { 'body.words': 'b' }] },
      sort: { _id: 1 },
      hint: keysOf(byWord),
    });
  });
});

it.each([
  ['MongoDB takes any number of updates', { version: '8.0.4' }, Number.POSITIVE_INFINITY],
  ['FerretDB 1 takes one', { version: '7.0.42', ferretdbVersion: 'v1.24.2' }, 1],
  [
    'FerretDB 2 is as MongoDB',
    { version: '7.0.77', ferretdb: { version: 'v2.5.0' } },
    Number.POSITIVE_INFINITY,
  ],
])('limits one command: %s', async (_, buildInfo, updates) => {
  expect(await detectLimits({ command: async () => buildInfo })).toEqual({ maxUpdates: updates });
});

describe('an unusable MongoDB', () => {
  it('is reported when the URL is invalid', async () => {
    await expect(openReadStore('mongodb://')).rejects.toThrow(ReadStoreUnusable);
    await expect(openReadStore('mongodb://host/?nothing=1')).rejects.toThrow(/READ_STORE_URL cannot be read/);
  });

  it('is reported as unavailable when no server responds', async () => {
    const opening = openReadStore('mongodb://ann:secret@127.0.0.1:1/shop?serverSelectionTimeoutMS=1000');
    const error = await opening.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ReadStoreUnavailable);
    expect(String(error)).toBe(
      'ReadStoreUnavailable: no MongoDB responds at READ_STORE_URL, which is ' +
        'mongodb://[hidden]@127.0.0.1:1/shop?serverSelectionTimeoutMS=[hidden]: connect ECONNREFUSED 127.0.0.1:1',
    );
  });
});
