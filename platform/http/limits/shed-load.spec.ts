import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../server/listen.ts';
import { shedLoad } from './shed-load.ts';

describe('while the admission sheds load', () => {
  let shed = 0;
  let server: Awaited<ReturnType<typeof listen>>;
  beforeAll(async () => {
    const serve = shedLoad(
      { sheds: () => true },
      () => void shed++,
      (_request, res) => res.end('served'),
    );
    server = await listen(serve, { host: '127.0.0.1', port: 0 });
  });
  afterAll(() => server.close());

  it('responds to API requests with 503 and Retry-After, and counts them', async () => {
    const response = await fetch(`${server.url}/api/v1/orders`, {
      method: 'POST',
      body: '{}',
      headers: { 'x-request-id': 'mine' },
    });
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('x-request-id')).toBe('mine');
    expect(await response.json()).toMatchObject({ status: 503, type: expect.stringContaining('overloaded') });
    expect(shed).toBe(1);
  });

  it('still serves health checks', async () => {
    const response = await fetch(`${server.url}/health/live`);
    expect(await response.text()).toBe('served');
  });
});
