import { describe, expect, it } from 'vitest';
import { IndexNotBuilt, ReadStoreUnavailable } from '../../read-store/errors.ts';
import type { ModelStatus } from '../../read-store/read-store.ts';
import { readinessOf } from './readiness.ts';

const well = { eventStore: 'ok', readStore: 'ok', projections: 'ok', statuses: [] };
const consumers = new Map([['fulfilment', 'ok']]);
const deadlinesWith = (statuses: readonly ModelStatus[], lookFailed?: unknown) =>
  readinessOf({ ...well, statuses }, consumers, lookFailed).checks.deadlines;

describe('process managers', () => {
  it('are ready while every check is ok', () => {
    expect(readinessOf(well, consumers, undefined)).toEqual({
      ready: true,
      checks: { eventStore: 'ok', readStore: 'ok', projections: 'ok', fulfilment: 'ok', deadlines: 'ok' },
    });
  });

  it.each([
    ['eventStore', 'the event store does not answer'],
    ['readStore', 'the read store does not answer'],
    ['projections', 'no projector is running: the read models stand still'],
  ])('are not ready when %s is unavailable', (name, sentence) => {
    const { ready, checks } = readinessOf({ ...well, [name]: sentence }, consumers, undefined);
    expect({ ready, check: checks[name] }).toEqual({ ready: false, check: sentence });
  });

  it('are not ready when a subscription has ended', () => {
    const ended = new Map([['fulfilment', 'this subscription has ended: the log says why']]);
    expect(readinessOf(well, ended, undefined).ready).toBe(false);
  });

  it('report that the read model of the deadlines has stopped', () => {
    const error = { stream: 'fulfilment-o-1', revision: '3', reason: 'a newer version' };
    expect(deadlinesWith([{ name: 'deadlines', generation: 1, status: 'stopped', error }])).toBe(
      'the read model deadlines has stopped: a newer version',
    );
  });

  it('report why the deadlines cannot be read, without an address or a path', () => {
    const why = (error: unknown) => deadlinesWith([], error);
    expect([
      why(new IndexNotBuilt('deadlines', 'byKind')),
      why(new ReadStoreUnavailable('MongoDB: connect ECONNREFUSED 10.0.0.7:27017')),
      why(new Error('ENOENT: /var/lib/shop/read-store')),
    ]).toEqual([
      'the deadlines cannot be read: the index byKind of deadlines is still being built',
      'the deadlines cannot be read: the read store does not answer',
      'the deadlines cannot be read: the log says why',
    ]);
  });
});
