import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operations } from './operations.ts';
import { RouteTable } from './route-table.ts';

const table = new RouteTable();

describe('the route table', () => {
  it.each([
    ['GET', '/api/v1/orders', 'query', '/api/v1/orders'],
    ['POST', '/api/v1/orders', 'command', '/api/v1/orders'],
    ['HEAD', '/api/v1/orders/o1', 'query', '/api/v1/orders/:orderId'],
    ['GET', '/api/v1/orders/live', 'query', '/api/v1/orders/live'],
    ['GET', '/api/v1/orders/live/live', 'query', '/api/v1/orders/:orderId/live'],
    ['POST', '/api/v1/orders/live/cancel', 'command', '/api/v1/orders/:orderId/cancel'],
    ['GET', '/api/v1/customers/me', 'query', '/api/v1/customers/me'],
    ['GET', '/api/v1/customers/auth0%7C5f7c', 'query', '/api/v1/customers/:customerId'],
  ])('sends %s %s to the %s API', (method, path, api, route) => {
    expect(table.find(method, path)).toEqual({ target: { api, route } });
  });

  it('names the allowed methods of a path when it has no operation with the method', () => {
    expect(table.find('DELETE', '/api/v1/orders')).toEqual({
      allowed: ['POST', 'GET', 'HEAD', 'OPTIONS'],
      route: '/api/v1/orders',
    });
    expect(table.find('DELETE', '/api/v1/orders/live')).toEqual({
      allowed: ['GET', 'HEAD', 'OPTIONS'],
      route: '/api/v1/orders/live',
    });
  });

  it.each([
    '/',
    '',
    '*',
    '/api',
    '/api/v1',
    '//api/v1/orders',
    '/api//v1/orders',
    '/api/v1/orders/',
    '/api/v1/orders//timeline',
    '/api/v1/orders/../orders/x',
    '/api/v1/./orders',
    '/API/v1/orders',
    '/api/v1/orders;x=1',
    '/api%2fv1%2forders',
    '/metrics',
    '/health/ready',
    '/docs',
    '/openapi.json',
    '/changes',
    '/api/v1/__proto__',
    '/constructor',
  ])('knows nothing of %s', (path) => {
    expect(table.find('GET', path)).toBeUndefined();
  });

  it('finds no operation for a path that none of the declared paths matches', () => {
    const patterns = [...operations.command, ...operations.query].map((operation) => {
      const path = operation.slice(operation.indexOf(' ') + 1);
      return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`);
    });
    const segment = fc.oneof(
      fc.constantFrom(
        'api',
        'v1',
        'orders',
        'live',
        'inventory',
        'items',
        'me',
        '..',
        '.',
        '',
        '%2e%2e',
        'x;y',
      ),
      fc.string({ maxLength: 5 }).map((text) => text.replaceAll('/', '')),
    );
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 7 }), (segments) => {
        const path = `/${segments.join('/')}`;
        expect(table.find('GET', path) !== undefined).toBe(patterns.some((pattern) => pattern.test(path)));
      }),
    );
  });
});
