import { describe, expect, it } from 'vitest';
import { bearer, TestGateway } from '../testing/gateway-kit.ts';

const limited = (requests: number) => TestGateway.start({ rateLimit: { requests, perSeconds: 60 } });

describe('the rate limit of the gateway', () => {
  it('rejects the requests of an account beyond the limit with 429, and no API gets them', async () => {
    const gateway = await limited(2);
    const statuses = [];
    for (let n = 0; n < 3; n++) statuses.push((await gateway.get('/api/v1/orders', bearer('ann'))).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect(gateway.query.got).toHaveLength(2);
    const { headers, body } = await gateway.post('/api/v1/orders', {}, bearer('ann'));
    expect(body.type).toBe('urn:orderstream:problem:too-many-requests');
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect((await gateway.get('/api/v1/orders', bearer('bob'))).status).toBe(200);
    await gateway.stop();
  });

  it('rejects the requests of an address beyond ten times the limit, whatever token they have', async () => {
    const gateway = await limited(1);
    const paths = ['/api/v1/inventory/items', '/', '/api/v1/nothing', '/docs'];
    for (let n = 0; n < 10; n++)
      await gateway.get(paths[n % 4] ?? '', { authorization: `Bearer forged.${n}.x` });
    for (const path of paths) expect((await gateway.get(path, bearer('ann'))).status).toBe(429);
    for (const path of ['/health/live', '/health/ready', '/metrics'])
      expect((await gateway.get(path)).status).toBe(200);
    await gateway.stop();
  });

  it('counts the clients behind a trusted proxy by their own addresses', async () => {
    const gateway = await TestGateway.start({
      rateLimit: { requests: 1, perSeconds: 60 },
      trustedProxies: ['127.0.0.1'],
    });
    const from = (address: string) => gateway.get('/api/v1/orders', { 'x-forwarded-for': address });
    for (let n = 0; n < 10; n++) await from('198.51.100.7, 203.0.113.9');
    expect((await from('203.0.113.9')).status).toBe(429);
    expect((await from('203.0.113.10')).status).toBe(200);
    expect(gateway.query.last.headers['x-forwarded-for']).toBe('203.0.113.10');
    await gateway.stop();
  });
});
