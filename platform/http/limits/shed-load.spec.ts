import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../server/listen.ts';
import { shedLoad } from './shed-load.ts';

describe('while too many come', () => {
  let shed = 0;
  let server: Awaited<ReturnType<typeof listen>>;
  beforeAll(async () => {
    const serve = shedLoad(
      { sheds: () => true },
      () => void shed++,
      (_request, response) => response.end('served'),
    );
    server = await listen(serve, { host: '127.0.0.1', port: 0 });
  });
  afterAll(() => server.close());

  it('a request of the API is told when to come again, and counted', async () => {
    const answer = await fetch(`${server.url}/api/v1/orders`, {
      method: 'POST',
      body: '{}',
      headers: { 'x-request-id': 'mine' },
    });
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('x-request-id')).toBe('mine');
    expect(await answer.json()).toMatchObject({ status: 503, type: expect.stringContaining('overloaded') });
    expect(shed).toBe(1);
  });

  it('whoever asks how the process is gets an answer', async () => {
    const answer = await fetch(`${server.url}/health/live`);
    expect(await answer.text()).toBe('served');
  });
});
