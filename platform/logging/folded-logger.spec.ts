import { expect, it } from 'vitest';
import { foldOutages, foldWarnings, sharedOutages } from './folded-logger.ts';

it('writes one warning in ten seconds, with the number of warnings left out', () => {
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

it('writes every info and error line', () => {
  const lines: string[] = [];
  const log = (message: string) => lines.push(message);
  const folded = foldWarnings({ info: log, warn: log, error: log });
  folded.error('first');
  folded.error('second');
  folded.info('third');
  folded.info('fourth');
  expect(lines).toEqual(['first', 'second', 'third', 'fourth']);
});

it('writes one warning per outage for all loggers of a process', () => {
  const lines: string[] = [];
  const loggerOf = (role: string) => {
    const log = (message: string) => lines.push(`${role}: ${message}`);
    return { info: log, warn: log, error: log };
  };
  const share = sharedOutages();
  const eventStore = share(loggerOf('event-store'));
  const managers = share(loggerOf('process-managers'));
  const another = share(loggerOf('read-store'));

  foldOutages(managers, 'event store').warn('an external call failed');
  foldOutages(managers, 'event store').warn('a deadline could not be fired');
  foldOutages(eventStore, 'event store').warn('a consumer was dropped');
  foldOutages(another, 'read store').warn('the read store is unavailable');
  foldOutages(another, 'read store').warn('the deadlines cannot be read');
  managers.warn('a parcel contradicts the shipment');
  foldWarnings(eventStore).warn('an event of unknown type was skipped');

  expect(lines).toEqual([
    'process-managers: an external call failed',
    'read-store: the read store is unavailable',
    'process-managers: a parcel contradicts the shipment',
    'event-store: an event of unknown type was skipped',
  ]);
});
