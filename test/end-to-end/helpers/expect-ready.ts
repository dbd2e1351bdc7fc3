import { expect } from 'vitest';
import { call } from '../../support/http.ts';

/** Expects that the APIs at these addresses are ready. */
export async function expectReady(...urls: readonly string[]): Promise<void> {
  for (const url of urls) {
    const { status, body } = await call('GET', `${url}/health/ready`);
    expect(status, JSON.stringify(body)).toBe(200);
  }
}
