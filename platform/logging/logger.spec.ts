import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { transports } from 'winston';
import { createLogger } from './logger.ts';
import { withoutSecrets } from './redact.ts';

function recording(pretty: boolean) {
  const lines: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk).trim());
      done();
    },
  });
  const logger = createLogger({ level: 'info', role: 'write-side', pretty });
  logger.clear().add(new transports.Stream({ stream }));
  return { logger, lines };
}

describe('the logger', () => {
  it('writes JSON lines with role and time', () => {
    const { logger, lines } = recording(false);
    logger.info('started', { port: 3001 });
    logger.debug('not written');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { level: 'info', message: 'started', port: 3001, role: 'write-side', timestamp: expect.any(String) },
    ]);
  });

  it('writes text lines on a terminal', () => {
    const { logger, lines } = recording(true);
    logger.warn('the store is unavailable', { attempt: 2 });
    expect(lines[0]).toMatch(/^\d{4}-\S+Z warn {2}write-side: the store is unavailable \{"attempt":2\}$/);
  });

  it('writes one line per entry, also when it contains control characters', () => {
    const text = 'no\n2026-01-05 info: all is well\u001b[2J\u009b31m';
    for (const pretty of [true, false]) {
      const { logger, lines } = recording(pretty);
      logger.warn(`rejected: ${text}`, { reason: text });
      expect(lines).toHaveLength(1);
      expect(lines[0]).not.toContain('\n');
      expect(lines[0]).not.toContain('\u001b');
      if (pretty) expect(lines[0]).not.toMatch(/\p{Cc}/u);
      else expect(JSON.parse(lines[0] ?? '')).toMatchObject({ reason: text });
    }
  });

  it('writes errors with message, stack and cause, without secrets', () => {
    const { logger, lines } = recording(false);
    const cause = new TypeError('mongodb://shop:hunter2@mongo/db is unavailable');
    logger.error('failed', { error: new Error('outer', { cause }), authorization: 'Bearer x', position: 3n });
    const line = JSON.parse(lines[0] ?? '');
    expect(line.error).toMatchObject({
      name: 'Error',
      message: 'outer',
      cause: { name: 'TypeError', message: 'mongodb://[hidden]@mongo/db is unavailable' },
    });
    expect(line).toMatchObject({ authorization: '[hidden]', position: '3' });
    expect(lines[0]).not.toContain('hunter2');
  });

  it('omits other fields of an error, since store clients attach their internals', () => {
    const { logger, lines } = recording(false);
    const error = Object.assign(new Error('14 UNAVAILABLE'), {
      code: 14,
      _raw: { metadata: { 'x-key': 'y' } },
    });
    logger.warn('the store is unavailable', { error });
    expect(JSON.parse(lines[0] ?? '').error).toEqual({
      name: 'Error',
      message: '14 UNAVAILABLE',
      code: 14,
      stack: expect.any(String),
    });
  });
});

it('the logger hides secrets by the name of the field and by their form, at any depth', () => {
  expect(
    withoutSecrets('', {
      jwtSecret: 's',
      payment: [{ token: 'tok_ok' }],
      headers: { Cookie: 'c' },
      message: 'sent eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl there',
      tokens: 3,
      nothing: null,
    }),
  ).toEqual({
    jwtSecret: '[hidden]',
    payment: [{ token: '[hidden]' }],
    headers: { Cookie: '[hidden]' },
    message: 'sent [hidden] there',
    tokens: 3,
    nothing: null,
  });
});
