import { expect } from 'vitest';
import type { HttpResponse } from '../../support/http.ts';

/** Expects revision and position in body and headers of a command's response; returns the revision. */
export function expectRevision({ headers, body }: HttpResponse): bigint {
  expect(body).toMatchObject({
    revision: expect.stringMatching(/^\d+$/),
    position: expect.stringMatching(/^\d+$/),
  });
  expect(headers.get('etag')).toMatch(new RegExp(`^"([^"]*-)?${body.revision}(\\.[^"]*)?"$`));
  expect(headers.get('orderstream-position')).toBe(body.position);
  return BigInt(body.revision);
}
