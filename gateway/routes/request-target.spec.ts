import { describe, expect, it } from 'vitest';
import { InvalidRequest } from '../../platform/http/response/errors.ts';
import { originForm, pathOf } from './request-target.ts';

describe('the origin form of a request target', () => {
  it.each([
    ['/api/v1/orders?limit=1', '/api/v1/orders?limit=1'],
    ['http://shop.example/api/v1/orders?limit=1', '/api/v1/orders?limit=1'],
    ['HTTPS://shop.example:8443/docs', '/docs'],
    ['http://shop.example', '/'],
    ['http://shop.example?limit=1', '/?limit=1'],
    ['//elsewhere/api', '//elsewhere/api'],
    ['/a//b/%2e%2e/;c', '/a//b/%2e%2e/;c'],
  ])('of %s is %s', (target, expected) => {
    expect(originForm(target)).toBe(expected);
  });

  it.each(['', 'api', 'ftp://shop/x', 'shop:443', '/a b', '/a#b', '/a\\b', '/a\u00a0b', '/ä', '/a\tb'])(
    'rejects %j',
    (target) => {
      expect(() => originForm(target)).toThrow(InvalidRequest);
    },
  );
});

it('the path of a target ends before the query', () => {
  expect(['/a?b?c', '/a', '/?'].map(pathOf)).toEqual(['/a', '/a', '/']);
});
