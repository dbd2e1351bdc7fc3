import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { processManagerMetrics } from './metrics.ts';

async function linesOf(registry: Registry): Promise<string[]> {
  const lines = (await registry.metrics()).split('\n');
  return lines.filter((line) => /^orderstream_(?!delivery_age_seconds_bucket)/.test(line)).sort();
}

const parked = { subject: { group: 'fulfilment', kind: 'event', stream: 'order-1' } } as const;

describe('the metrics of process managers', () => {
  it('count deliveries, timeouts, parked items, and the external calls of all process managers together', async () => {
    const registry = new Registry();
    const metrics = processManagerMetrics(registry, {
      groups: ['fulfilment', 'opening-stock'],
      calls: [{ counts: () => ({ running: 1, waiting: 2 }) }, { counts: () => ({ running: 2, waiting: 5 }) }],
      parked: async () => [parked, parked],
    });
    metrics.delivered('fulfilment', 'ack', 250);
    metrics.delivered('fulfilment', 'park', 750);
    metrics.deadline('fired');

    expect(await linesOf(registry)).toEqual([
      'orderstream_deadlines_total{outcome="fired"} 1',
      'orderstream_deliveries_total{group="fulfilment",verdict="ack"} 1',
      'orderstream_deliveries_total{group="fulfilment",verdict="park"} 1',
      'orderstream_delivery_age_seconds_count{group="fulfilment"} 2',
      'orderstream_delivery_age_seconds_sum{group="fulfilment"} 1',
      'orderstream_outside_calls{state="running"} 3',
      'orderstream_outside_calls{state="waiting"} 7',
      'orderstream_parked_events{group="fulfilment"} 2',
      'orderstream_parked_events{group="opening-stock"} 0',
    ]);
  });

  it('report all but the parked items when the event store is unavailable', async () => {
    const registry = new Registry();
    processManagerMetrics(registry, {
      groups: ['fulfilment'],
      calls: [{ counts: () => ({ running: 0, waiting: 0 }) }],
      parked: () => Promise.reject(new Error('unavailable')),
    });

    expect(await linesOf(registry)).toEqual([
      'orderstream_outside_calls{state="running"} 0',
      'orderstream_outside_calls{state="waiting"} 0',
    ]);
  });
});
