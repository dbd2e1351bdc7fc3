import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AttemptResult } from '../append/attempt.ts';
import type { Logger } from '../logger.ts';
import { WriteHealth } from './write-health.ts';

const TROUBLE = "the event store's disk is full";
const FAILED: AttemptResult = { kind: 'disk', trouble: TROUBLE, mayBeWritten: false };
const WRITTEN: AttemptResult = { kind: 'written', revision: 0n, position: undefined };

let lines: string[];
let closing: AbortController;
let logger: Logger;
const say = (message: string) => void lines.push(message);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  lines = [];
  // Another one each time: a logger warns of an outage once in ten seconds.
  logger = { info: say, warn: say, error: say };
  closing = new AbortController();
});
afterEach(() => {
  closing.abort();
  vi.useRealTimers();
});

it('health reports a rejected append until a test append succeeds', async () => {
  const answers: AttemptResult[] = [FAILED, WRITTEN];
  const sent: string[] = [];
  const send = async (stream: string) => {
    sent.push(stream);
    return answers.shift() ?? WRITTEN;
  };
  const health = new WriteHealth(send, logger, closing.signal);
  expect(health.trouble).toBeUndefined();
  health.failed(TROUBLE);
  expect(health.trouble).toBe(TROUBLE);

  await expect.poll(() => health.trouble).toBeUndefined();
  expect(sent).toEqual(['$$write-probe', '$$write-probe']);
  expect(lines).toEqual(['appends fail; waiting until the disk accepts writes', 'appends succeed again']);
});

it('health logs several rejected appends once', () => {
  const health = new WriteHealth(async () => FAILED, logger, closing.signal);
  for (let append = 0; append < 100; append += 1) health.failed(TROUBLE);

  expect(lines).toEqual(['appends fail; waiting until the disk accepts writes']);
});

it('health makes no test appends after the connection is closed', async () => {
  const send = vi.fn(async () => FAILED);
  const health = new WriteHealth(send, logger, closing.signal);
  health.failed(TROUBLE);
  closing.abort();
  await new Promise((resolve) => setImmediate(resolve));

  expect(send).not.toHaveBeenCalled();
});
