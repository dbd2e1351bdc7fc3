import { describe, expect, it } from 'vitest';
import { operator, serveTeaShop } from '../testing/tea-shop.ts';

const shop = serveTeaShop();
const { call } = shop;

describe('a JSON body of a request', () => {
  it.each([
    ['not JSON', '{"sort":', 400],
    ['no UTF-8 text at all', '', 400],
    ['unknown field', { sort: 'a', more: 1 }, 422],
    ['missing field', {}, 422],
    ['wrong type', { sort: 1 }, 422],
    ['a list', [], 422],
    ['null', 'null', 422],
    ['beyond 1 MiB', { sort: 'x'.repeat(2 * 1024 * 1024) }, 413],
    ['deeply nested', '['.repeat(200_000), 400],
    ['deeply nested and whole', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, 422],
  ])('that is %s is rejected', async (_name, body, status) => {
    const answer = await call('POST', '/teas/green', { body });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  it.each([
    ['half a million entries', `{"sort":"a","cups":[${'0,'.repeat(500_000)}0]}`],
    [
      'thousands of unknown fields',
      JSON.stringify(Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${i}`, 0]))),
    ],
  ])('of %s is rejected with at most 100 errors', async (_, body) => {
    const answer = await call('POST', '/teas/green', { body });
    expect(answer.status).toBe(422);
    expect((answer.body.errors as unknown[]).length).toBeLessThanOrEqual(101);
  });

  it('gets an error for each invalid value, with its path', async () => {
    const { body } = await call('POST', '/teas/green', {
      body: { sort: 'a', cups: [{ size: 0, lid: true }], x: 1 },
    });
    expect(body.errors).toEqual([
      { path: 'cups.0.size', message: 'Too small: expected number to be >=1, not 0' },
      { path: 'cups.0.lid', message: 'is unknown; allowed: size' },
      { path: 'x', message: 'is unknown; allowed: sort, cups' },
    ]);
  });

  it.each([
    ['no value', { cups: [] }, 'sort', 'is missing: string expected'],
    ['another type', { sort: null }, 'sort', 'Invalid input: expected string, received null'],
    [
      'a fraction',
      { sort: 'a', cups: [{ size: 1.5 }] },
      'cups.0.size',
      'Invalid input: expected int, received number, not 1.5',
    ],
    [
      'a long text',
      { sort: 'x'.repeat(1_000) },
      'sort',
      `Too big: expected string to have <=10 characters, not "${'x'.repeat(79)}…`,
    ],
    ['a list', { sort: [1] }, 'sort', 'Invalid input: expected string, received array'],
  ])('of %s is rejected, with what is allowed', async (_, wrong, path, message) => {
    expect((await call('POST', '/teas/green', { body: wrong })).body.errors).toEqual([{ path, message }]);
  });

  it('with __proto__ is rejected and changes no prototype', async () => {
    for (const body of [
      '{"sort":"a","__proto__":{"polluted":1}}',
      '{"sort":"a","\\u005f_proto__":{"polluted":1}}',
    ]) {
      const answer = await call('POST', '/teas/green', { body });
      expect(answer.status).toBe(422);
      expect(answer.body.errors).toMatchObject([{ path: '__proto__' }]);
    }
    expect('polluted' in {}).toBe(false);
  });

  it.each([
    'application/json;',
    'application/json; charset=utf-8',
    'APPLICATION/JSON;Charset="UTF-8"',
    'application/json; charset="utf-8";',
    'application/json ; version=1; charset=utf-8',
    'application/json; profile="a;b"',
    'application/json;;; charset=utf8',
  ])('of type %s is accepted', async (type) => {
    const body = '{"sort":"a"}';
    expect((await call('POST', '/teas/green', { body, headers: { 'content-type': type } })).status).toBe(201);
  });

  it.each([
    ['{"sort":"a","sort":"b"}', 'sort'],
    ['{"sort":"a","s\\u006frt":"b"}', 'sort'],
    ['{"sort":"a","cups":[{"size":1},{"size":1,"size":2}]}', 'cups.1.size'],
    ['{"sort":"a","cups":[{"size":1,"lid":{"a":1,"\\u0061":2}}]}', 'cups.0.lid.a'],
    ['{"sort":"a","x":1,"x":1}', 'x'],
  ])('with a name twice in one object is 400 and names the path: %s', async (body, path) => {
    const answer = await call('POST', '/teas/green', { body });
    expect([answer.status, answer.body.type]).toEqual([400, 'urn:orderstream:problem:repeated-name']);
    expect(answer.body.errors).toEqual([{ path, message: 'is given twice in one object' }]);
  });

  it.each([
    ['{"sort":"a","cups":[{"size":1},{"size":9007199254740991.2}]}', 'cups.1.size', 9007199254740991],
    ['{"sort":"a","size":1.00000000000000001}', 'size', 1],
    ['{"size":[-1, 1e-400\n]}', 'size.1', 0],
    ['0.99999999999999999999', '', 1],
  ])(
    'with a number that is rounded to an integer is 422 and names the path: %s',
    async (body, path, value) => {
      const answer = await call('POST', '/teas/green', { body });
      expect([answer.status, answer.body.type]).toEqual([422, 'urn:orderstream:problem:invalid-body']);
      const message = `cannot be represented exactly; it would be rounded to ${value}`;
      expect(answer.body.errors).toEqual([{ path, message }]);
    },
  );

  it('with a long repeated name gets an error with the shortened name', async () => {
    const deep = `${'{"a":'.repeat(1_000)}{"b":1,"b":2}${'}'.repeat(1_000)}`;
    const long = JSON.stringify({ ['n'.repeat(100_000)]: 1 }).slice(0, -1);
    for (const body of [deep, `${long},${long.slice(1)}}`]) {
      const answer = await call('POST', '/teas/green', { body });
      expect(answer.status).toBe(400);
      expect(JSON.stringify(answer.body).length).toBeLessThan(500);
    }
  });

  it.each([
    'text/plain',
    'text/json',
    'application/jsonx',
    'application/json; charset=latin1',
    'application/json; charset=utf-16',
    'application/json, text/plain',
    'application/json; charset=utf-8, text/plain',
    'application/problem+json',
    'json',
    'application/x-www-form-urlencoded',
  ])('of type %s is 415', async (type) => {
    const answer = await call('POST', '/teas/green', {
      body: '{"sort":"a"}',
      headers: { 'content-type': type },
    });
    expect(answer.status).toBe(415);
  });

  it('that is not UTF-8 is rejected with 400', async () => {
    const answer = await fetch(`${shop.url()}/teas/green`, {
      method: 'POST',
      headers: { authorization: `Bearer ${operator}`, 'content-type': 'application/json' },
      body: Buffer.from([0x22, 0xff, 0x22]),
    });
    expect(answer.status).toBe(400);
  });
});
