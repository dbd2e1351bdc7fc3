import { expect, it } from 'vitest';
import { limitOutageWarnings, limitWarnings, shareOutageLimits } from './limit-warnings.ts';

it('a limited logger writes one warning in ten seconds, with the number of warnings left out', () => {
  const lines: unknown[] = [];
  let now = 0;
  const log = (message: string, fields?: object) => lines.push([message, fields]);
  const limited = limitWarnings({ info: log, warn: log, error: log }, () => now);
  for (const at of [0, 1_000, 9_999]) {
    now = at;
    limited.warn('the store is unavailable', { at });
  }
  now = 10_000;
  limited.warn('the store is unavailable', { at: 10_000 });
  now = 25_000;
  limited.warn('the store is unavailable');
  expect(lines).toEqual([
    ['the store is unavailable', { at: 0 }],
    ['the store is unavailable', { at: 10_000, omitted: 2 }],
    ['the store is unavailable', undefined],
  ]);
});

it('a limited logger writes every info and error line', () => {
  const lines: string[] = [];
  const log = (message: string) => lines.push(message);
  const limited = limitWarnings({ info: log, warn: log, error: log });
  limited.error('first');
  limited.error('second');
  limited.info('third');
  limited.info('fourth');
  expect(lines).toEqual(['first', 'second', 'third', 'fourth']);
});

it('a limited logger writes one warning per outage for all loggers of a process', () => {
  const lines: string[] = [];
  const loggerOf = (role: string) => {
    const log = (message: string) => lines.push(`${role}: ${message}`);
    return { info: log, warn: log, error: log };
  };
  const share = shareOutageLimits();
  const eventStore = share(loggerOf('event-store'));
  const managers = share(loggerOf('process-managers'));
  const another = share(loggerOf('read-store'));

  limitOutageWarnings(managers, 'event store').warn('an external call failed');
  limitOutageWarnings(managers, 'event store').warn('a deadline could not be fired');
  limitOutageWarnings(eventStore, 'event store').warn('a consumer was dropped');
  limitOutageWarnings(another, 'read store').warn('the read store is unavailable');
  limitOutageWarnings(another, 'read store').warn('the deadlines cannot be read');
  managers.warn('a parcel contradicts the shipment');
  limitWarnings(eventStore).warn('an event of unknown type was skipped');

  expect(lines).toEqual([
    'process-managers: an external call failed',
    'read-store: the read store is unavailable',
    'process-managers: a parcel contradicts the shipment',
    'event-store: an event of unknown type was skipped',
  ]);
});
