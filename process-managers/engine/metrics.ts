import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ParkedItem } from '../../domain/parking/state.ts';
import type { Verdict } from '../../event-store/subscriptions/persistent-subscription.ts';
import { untilAborted } from '../../platform/async/until-aborted.ts';
import type { ExternalCalls } from './calls/external-calls.ts';

/** Counts deliveries and timeouts of process managers when they end. */
export interface ProcessManagerMetrics {
  /** Counts a handled delivery; `ageMs` are the milliseconds since its event was recorded. */
  delivered(group: string, verdict: Verdict['verdict'], ageMs: number): void;
  /** Counts a timeout that was due. */
  deadline(outcome: 'fired' | 'failed'): void;
}

/** Sources that are read at each scrape. */
export interface MetricSources {
  readonly groups: readonly string[];
  readonly calls: readonly Pick<ExternalCalls<never>, 'counts'>[];
  /** Returns the parked items. May reject. */
  readonly parked: () => Promise<readonly Pick<ParkedItem, 'subject'>[]>;
}

/** Maximum milliseconds for counting the parked items; after that, the metric keeps its last value. */
const MAX_COUNT_PARKED_MS = 1_000;

/** Creates the Prometheus metrics of process managers in a registry. */
export function processManagerMetrics(
  registry: Registry,
  { groups, calls, parked }: MetricSources,
): ProcessManagerMetrics {
  const registers = [registry];
  const deliveries = new Counter({
    name: 'orderstream_deliveries_total',
    help: 'Events that process managers handled, by verdict: ack, retry or park',
    labelNames: ['group', 'verdict'],
    registers,
  });
  const age = new Histogram({
    name: 'orderstream_delivery_age_seconds',
    help: 'Seconds from the recording of an event until a process manager had handled it',
    labelNames: ['group'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 600],
    registers,
  });
  const deadlines = new Counter({
    name: 'orderstream_deadlines_total',
    help: 'Timeouts that were due, by outcome: fired or failed',
    labelNames: ['outcome'],
    registers,
  });
  new Gauge({
    name: 'orderstream_outside_calls',
    help: 'Calls to payment provider and carrier that run or wait in the queue',
    labelNames: ['state'],
    registers,
    collect() {
      const counts = calls.map((one) => one.counts());
      for (const state of ['running', 'waiting'] as const)
        this.set(
          { state },
          counts.reduce((sum, count) => sum + count[state], 0),
        );
    },
  });
  new Gauge({
    name: 'orderstream_parked_events',
    help: 'Parked items of a group; keeps its last value while the event store is unavailable',
    labelNames: ['group'],
    registers,
    async collect() {
      const items = await untilAborted(parked(), AbortSignal.timeout(MAX_COUNT_PARKED_MS)).catch(
        () => undefined,
      );
      if (items === undefined) return;
      for (const group of groups)
        this.set({ group }, items.filter(({ subject }) => subject.group === group).length);
    },
  });
  return {
    delivered: (group, verdict, ageMs) => {
      deliveries.inc({ group, verdict });
      age.observe({ group }, Math.max(0, ageMs) / 1000);
    },
    deadline: (outcome) => deadlines.inc({ outcome }),
  };
}
