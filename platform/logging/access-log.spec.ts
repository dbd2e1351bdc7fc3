import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type AccessEntry, accessLogLines, accessLogText } from './access-log.ts';

const entry: AccessEntry = {
  method: 'GET',
  route: '/api/v1/orders/:orderId',
  status: 200,
  durationMs: 3.2,
  requestId: 'r-1',
  callerRole: 'customer',
};

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-01-05T12:00:00.000Z') }));
afterEach(() => void vi.useRealTimers());

it('the access log writes an entry as a JSON line like those of the logger', () => {
  const written: string[] = [];
  accessLogLines('read-api', (lines) => written.push(lines))({ ...entry, cutOff: undefined });
  vi.advanceTimersByTime(20);
  expect(written).toHaveLength(1);
  expect(written[0]?.endsWith('\n')).toBe(true);
  expect(JSON.parse(written[0] ?? '')).toEqual({
    ...entry,
    level: 'info',
    message: 'request answered',
    role: 'read-api',
    timestamp: '2026-01-05T12:00:00.000Z',
  });
});

it('the access log writes entries of one batch in order, one line each', () => {
  const written: string[] = [];
  const log = accessLogLines('read-api', (lines) => written.push(lines));
  for (const requestId of ['a', 'b\n{"level":"error"}', 'c']) log({ ...entry, requestId });
  vi.advanceTimersByTime(20);
  log({ ...entry, requestId: 'd' });
  vi.advanceTimersByTime(20);
  const idsOf = (lines = '') =>
    lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).requestId);
  expect(written.map(idsOf)).toEqual([['a', 'b\n{"level":"error"}', 'c'], ['d']]);
});

it('the access log hides a token that a client sent as request id', () => {
  const written: string[] = [];
  const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl';
  accessLogLines('read-api', (lines) => written.push(lines))({ ...entry, requestId: token });
  vi.advanceTimersByTime(20);
  expect(written.join()).not.toContain('eyJzdWIiOiJhIn0');
});

it('the access log passes entries to the logger when the log format is text', () => {
  const info = vi.fn();
  accessLogText({ info })(entry);
  expect(info.mock.calls).toEqual([['request answered', entry]]);
});
