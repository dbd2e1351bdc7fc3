import { expect, test } from 'vitest';
import { foldWarnings } from './folded-logger.ts';

test('warns once in ten seconds, and then says how many warnings were left out', () => {
  const lines: unknown[] = [];
  let now = 0;
  const log = (message: string, fields?: object) => lines.push([message, fields]);
  const folded = foldWarnings({ info: log, warn: log, error: log }, 10_000, () => now);
  for (const at of [0, 1_000, 9_999]) {
    now = at;
    folded.warn('the store is unavailable', { at });
  }
  now = 10_000;
  folded.warn('the store is unavailable', { at: 10_000 });
  now = 25_000;
  folded.warn('the store is unavailable');
  expect(lines).toEqual([
    ['the store is unavailable', { at: 0 }],
    ['the store is unavailable', { at: 10_000, folded: 2 }],
    ['the store is unavailable', undefined],
  ]);
});

test('leaves information and errors as they are', () => {
  const lines: string[] = [];
  const log = (message: string) => lines.push(message);
  const folded = foldWarnings({ info: log, warn: log, error: log });
  folded.error('first');
  folded.error('second');
  folded.info('third');
  folded.info('fourth');
  expect(lines).toEqual(['first', 'second', 'third', 'fourth']);
});
