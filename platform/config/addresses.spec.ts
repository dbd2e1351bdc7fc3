import { describe, expect, it } from 'vitest';
import { hostsOf, httpUrl, isLoopback } from './addresses.ts';

describe('addresses', () => {
  it.each([
    ['127.0.0.1', 'http://127.0.0.1:3001'],
    ['shop.example', 'http://shop.example:3001'],
    ['::1', 'http://[::1]:3001'],
  ])('of a server on %s are %s', (host, url) => {
    expect(httpUrl(host, 3001)).toBe(url);
    expect(new URL(url).port).toBe('3001');
  });

  it.each([
    ['esdb://admin:x@a:2113,B:2113?tls=false', ['a', 'b']],
    ['esdb://[::1]:2113?tls=false', ['::1']],
    ['mongodb+srv://user:p%40ss@cluster.example/shop', ['cluster.example']],
    ['sqlite:./data', []],
  ])('are found in %s', (url, hosts) => {
    expect(hostsOf(url)).toEqual(hosts);
  });

  it.each(['localhost', '127.0.0.1', '127.9.9.9', '::1'])('%s is loopback', (host) => {
    expect(isLoopback(host)).toBe(true);
  });
  it.each(['0.0.0.0', '::', '127.0.0.1.example', '10.0.0.1', ''])('%j is not loopback', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});
