import { type IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createOriginCheck } from './check-origin.ts';

const SHOP = 'https://shop.example';
const PARTNER = 'https://partner.example';
const check = createOriginCheck({ own: SHOP, others: [PARTNER] });
const cookie = '__Host-orderstream_access=a.b.c';

function ask(headers: IncomingMessage['headers'], method = 'POST') {
  const req = { method, headers } as IncomingMessage;
  const res = new ServerResponse(req);
  try {
    check(req, res);
    return { result: 'allowed', vary: res.getHeader('vary') };
  } catch (error) {
    return { result: (error as Error).name, vary: res.getHeader('vary') };
  }
}
const resultOf = (headers: IncomingMessage['headers'], method?: string) => ask(headers, method).result;

describe('a request that carries a cookie of a session', () => {
  it.each([
    ['Sec-Fetch-Site: same-origin', { 'sec-fetch-site': 'same-origin' }],
    ['the origin of the shop, from a browser that sends no Sec-Fetch-Site', { origin: SHOP }],
    ['both', { 'sec-fetch-site': 'same-origin', origin: SHOP }],
  ])('is allowed with %s', (_, headers) => {
    expect(resultOf({ cookie, ...headers })).toBe('allowed');
  });

  it.each([
    ['neither Sec-Fetch-Site nor Origin', {}],
    ['Sec-Fetch-Site: cross-site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['Sec-Fetch-Site: same-site', { 'sec-fetch-site': 'same-site' }],
    ['Sec-Fetch-Site: none', { 'sec-fetch-site': 'none' }],
    ['a foreign origin', { origin: 'https://evil.example' }],
    ['an opaque origin', { origin: 'null' }],
    ['an origin that begins like the shop', { origin: `${SHOP}.evil.example` }],
    ['the host of the shop over http', { origin: 'http://shop.example' }],
    ['another port of the shop', { origin: `${SHOP}:8443` }],
    ['an origin in CORS_ORIGINS', { origin: PARTNER }],
  ])('is rejected with %s', (_, headers) => {
    expect(resultOf({ cookie, ...headers })).toBe('Forbidden');
  });

  it('is rejected for the refresh token alone too, and without the prefix', () => {
    expect(resultOf({ cookie: 'orderstream_refresh=x' })).toBe('Forbidden');
  });

  it.each(['GET', 'HEAD', 'OPTIONS'])('is always allowed as %s, which changes nothing', (method) => {
    expect(resultOf({ cookie, 'sec-fetch-site': 'cross-site' }, method)).toBe('allowed');
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('is checked as %s', (method) => {
    expect(resultOf({ cookie }, method)).toBe('Forbidden');
  });
});

describe('a request without such a cookie', () => {
  it('of a program, which sends no Origin, is allowed', () => {
    expect(resultOf({ authorization: 'Bearer x', cookie: 'theme=dark' })).toBe('allowed');
  });

  it('of a foreign origin is rejected, so that no page can log its visitor in as someone else', () => {
    expect(resultOf({ origin: 'https://evil.example' })).toBe('Forbidden');
  });

  it('of an origin in CORS_ORIGINS is allowed', () => {
    expect(resultOf({ origin: PARTNER, 'sec-fetch-site': 'cross-site' })).toBe('allowed');
  });

  it('of a page of this API on its own port is allowed', () => {
    expect(resultOf({ origin: 'http://127.0.0.1:3001', 'sec-fetch-site': 'same-origin' })).toBe('allowed');
  });
});

it('the response varies by the headers that the check reads, allowed or not', () => {
  expect(ask({ cookie }).vary).toBe('Sec-Fetch-Site, Origin');
  expect(ask({ cookie, origin: SHOP }).vary).toBe('Sec-Fetch-Site, Origin');
  expect(ask({ cookie }, 'GET').vary).toBeUndefined();
});
