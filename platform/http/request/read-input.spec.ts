import { type OutgoingHttpHeaders, request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { customer, operator, serveTeaShop } from '../testing/tea-shop.ts';

const shop = serveTeaShop();
const { call, rawPath } = shop;

describe('a path, a query, a header', () => {
  it.each([
    ['/teas/GREEN', 400],
    ['/teas/%zz', 400],
    ['/teas/%00', 400],
    ['/teas/%2e%2e', 400],
    ['/teas/..', 400],
    ['/teas/__proto__', 400],
    ['/teas/green?unknown=1', 400],
    ['/teas/green?__proto__=1', 400],
    ['/teas/green?limit=0', 400],
    ['/teas/green?limit=1&limit=2', 400],
    ['/teas/green?limit=%zz', 400],
    ['/teas/green?limit=7&', 200],
    ['/teas/green?=1', 400],
    ['/teas/green?', 200],
    ['/teas/green?li%6dit=7', 200],
    ['/teas/green?li%6dit=7&limit=7', 400],
    ['/teas/green?limit=7', 200],
    ['/teas', 404],
    ['/', 404],
    ['/teas/none', 404],
    ['/Teas/green', 404],
    ['//evil', 404],
  ])('%s is %i', async (path, status) => {
    expect(await rawPath(path)).toBe(status);
  });

  it.each(['%', '%zz', 'a%2', '%ff', '%c3%28', '%ed%a0%80'])(
    'a query that is not well encoded is 400: %s',
    async (value) => {
      const { status, body } = await call('GET', `/teas/green?limit=${value}`);
      expect(status).toBe(400);
      expect(body.detail).toContain('is not well encoded');
    },
  );

  it('an unknown parameter is rejected with its name and the known ones', async () => {
    const { body } = await call('GET', '/teas/green?colour=1');
    expect(body).toMatchObject({
      type: 'urn:orderstream:problem:invalid-query',
      errors: [{ path: 'colour', message: 'is unknown; allowed: limit' }],
    });
  });

  it('an invalid header is rejected with 400', async () => {
    expect((await call('GET', '/teas/green', { headers: { 'x-cup': 'large' } })).status).toBe(400);
    expect((await call('GET', '/teas/green', { headers: { 'x-cup': 'big' } })).body.cup).toBe('big');
  });

  it.each([
    ['authorization', [`Bearer ${customer}`, `Bearer ${operator}`]],
    ['Idempotency-Key', ['a', 'a']],
    ['orderstream-min-position', ['1', '2']],
  ])('a header of one value that is given twice is 400: %s', async (name, values) => {
    const headers: OutgoingHttpHeaders = { authorization: `Bearer ${operator}`, [name]: values };
    const answer = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      request({ host: '127.0.0.1', port: shop.port(), path: '/teas/green', headers }, async (response) =>
        resolve({ status: response.statusCode, text: (await response.toArray()).join('') }),
      )
        .on('error', reject)
        .end();
    });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({
      errors: [{ path: name.toLowerCase(), message: 'is given more than once' }],
    });
  });

  it('a header with a list of values may be sent as several headers', async () => {
    const headers: OutgoingHttpHeaders = {
      authorization: `Bearer ${operator}`,
      accept: ['application/json', '*/*'],
    };
    const status = await new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port: shop.port(), path: '/teas/green', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
  });

  it('a literal path takes precedence over an id', async () => {
    const answer = await call('POST', '/teas/live', { body: { sort: 'a' } });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });

  it('a method that the path does not have is rejected with 405 and the allowed methods', async () => {
    const answer = await call('DELETE', '/teas/green');
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST, GET, HEAD, OPTIONS');
    expect((await call('POST', '/health/live')).status).toBe(405);
  });
});
