import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { secretKey } from '../tokens/secret-key.ts';
import { createClientAddress } from './client-address.ts';
import { createGatewayCheck, GATEWAY_KEY_HEADER, gatewayKeyOf } from './gateway-key.ts';

const secret = secretKey('a secret of thirty-two bytes or more');
const gateway = { [GATEWAY_KEY_HEADER]: gatewayKeyOf(secret) };
const request = (remoteAddress: string, headers: IncomingHttpHeaders = {}) =>
  ({ headers, socket: { remoteAddress } }) as unknown as IncomingMessage;
const addressOf = (remoteAddress: string, headers?: IncomingHttpHeaders, trustedProxies?: string[]) =>
  createClientAddress({ trustedProxies, isTrusted: createGatewayCheck(secret) })(
    request(remoteAddress, headers),
  );

describe('the address of a client', () => {
  it('is that of the connection, whatever the client writes into X-Forwarded-For', () => {
    expect(addressOf('192.0.2.7', { 'x-forwarded-for': '198.51.100.1' })).toBe('192.0.2.7');
    expect(addressOf('127.0.0.1', { 'x-forwarded-for': '198.51.100.1' })).toBe('127.0.0.1');
  });

  it('is the last one in X-Forwarded-For behind the gateway, known by its key', () => {
    const headers = { ...gateway, 'x-forwarded-for': '203.0.113.9, 198.51.100.1' };
    expect(addressOf('127.0.0.1', headers)).toBe('198.51.100.1');
  });

  it.each([
    ['another key', gatewayKeyOf(secretKey('another secret of thirty-two bytes'))],
    ['a part of the key', gatewayKeyOf(secret).slice(0, -1)],
    ['an empty key', ''],
  ])('is that of the connection with %s', (_, key) => {
    const headers = { [GATEWAY_KEY_HEADER]: key, 'x-forwarded-for': '198.51.100.1' };
    expect(addressOf('127.0.0.1', headers)).toBe('127.0.0.1');
  });

  it('is the first that is no trusted proxy, from the right', () => {
    const headers = { ...gateway, 'x-forwarded-for': '203.0.113.9, 198.51.100.1, 10.0.0.5' };
    expect(addressOf('127.0.0.1', headers, ['10.0.0.0/8'])).toBe('198.51.100.1');
    expect(addressOf('10.0.0.9', { 'x-forwarded-for': '198.51.100.1' }, ['10.0.0.0/8'])).toBe('198.51.100.1');
  });

  it('of IPv4 looks the same on a socket for IPv6', () => {
    expect(addressOf('::ffff:192.0.2.7')).toBe('192.0.2.7');
    expect(addressOf('2001:db8::1')).toBe('2001:db8::1');
  });

  it('is the proxy when it forwards no readable address', () => {
    expect(addressOf('10.0.0.9', { 'x-forwarded-for': '' }, ['10.0.0.0/8'])).toBe('10.0.0.9');
  });
});
