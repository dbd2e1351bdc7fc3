import { describe, expect, it } from 'vitest';
import { readinessOf } from './health.ts';
import { healthyReadStore } from './testing/healthy-read-store.ts';

const well = { eventStore: 'ok', keyStore: 'ok' };
const feed = (connected: boolean, lagMs: (model: string) => number = () => 0) => ({ connected, lagMs });

describe('the query API', () => {
  it('is ready with the read store and a projector', () => {
    expect(readinessOf(healthyReadStore(), feed(true), well)).toEqual({
      ready: true,
      checks: { ...well, readStore: 'ok', projections: 'ok' },
    });
  });

  it.each([
    [{ readStore: 'the read store does not answer', projector: 'not known' }],
    [{ readStore: 'ok', projector: 'no projector is running: the read models stand still' }],
  ])('is not ready when %j', (watched) => {
    expect(readinessOf({ ...healthyReadStore(), ...watched }, feed(true), well)).toEqual({
      ready: false,
      checks: { ...well, readStore: watched.readStore, projections: watched.projector },
    });
  });

  it('is not ready while read models are being built', () => {
    expect(readinessOf({ ...healthyReadStore(), catchingUp: ['orders', 'items'] }, feed(true), well)).toEqual(
      {
        ready: false,
        checks: { ...well, readStore: 'ok', projections: 'catching up: orders, items' },
      },
    );
  });

  it('is ready without the event store, and names it', () => {
    const eventStore = 'the event store does not answer';
    expect(readinessOf(healthyReadStore(), feed(true), { ...well, eventStore })).toEqual({
      ready: true,
      checks: { eventStore, keyStore: 'ok', readStore: 'ok', projections: 'ok' },
    });
  });

  it('is ready without the key store, and names it', () => {
    const keyStore = 'the key store does not answer';
    expect(readinessOf(healthyReadStore(), feed(true), { ...well, keyStore })).toMatchObject({
      ready: true,
      checks: { keyStore },
    });
  });

  it('is ready while a model is behind, and names it', () => {
    const lagMs = (model: string) => (model === 'sales' || model === 'deadlines' ? 31_000 : 9_999);
    expect(readinessOf(healthyReadStore(), feed(true, lagMs), well)).toEqual({
      ready: true,
      checks: { ...well, readStore: 'ok', projections: 'behind for 31 s: sales, deadlines' },
    });
  });

  it('is ready while a model has stopped at an event, and names it', () => {
    const stopped = { name: 'sales', generation: 1, status: 'stopped' } as const;
    expect(readinessOf({ ...healthyReadStore(), statuses: [stopped] }, feed(true), well)).toEqual({
      ready: true,
      checks: { ...well, readStore: 'ok', projections: 'stopped at an event: sales' },
    });
  });

  it('is ready while the change feed is silent, and says so', () => {
    expect(
      readinessOf(
        healthyReadStore(),
        feed(false, () => 31_000),
        well,
      ).checks.projections,
    ).toBe('the change feed is silent for 31 s: a query that waits for a position takes longer');
  });
});
