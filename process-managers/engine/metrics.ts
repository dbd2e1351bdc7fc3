import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ParkedItem } from '../../domain/parking/state.ts';
import type { Verdict } from '../../event-store/subscriptions/persistent-subscription.ts';
import { untilAborted } from '../../platform/async/until-aborted.ts';
import type { ExternalCalls } from './calls/external-calls.ts';

/** What is told of process managers as it happens. */
export interface ProcessManagerMetrics {
  /** A delivery was handled; `ageMs` since its event was recorded. */
  delivered(group: string, verdict: Verdict['verdict'], ageMs: number): void;
  deadline(outcome: 'fired' | 'failed'): void;
}

/** What is asked when somebody looks. */
export interface Watched {
  readonly groups: readonly string[];
  readonly calls: readonly Pick<ExternalCalls<never>, 'counts'>[];
  /** Returns the parked items. May reject. */
  readonly parked: () => Promise<readonly Pick<ParkedItem, 'subject'>[]>;
}

/** The event store answers within this, or the last count known stands. */
const PARKED_WITHIN_MS = 1_000;

/** What there is to see of process managers, as Prometheus metrics in a registry. */
export function processManagerMetrics(
  registry: Registry,
  { groups, calls, parked }: Watched,
): ProcessManagerMetrics {
  const registers = [registry];
  const deliveries = new Counter({
    name: 'orderstream_deliveries_total',
    help: 'Events that process managers handled, by what became of them',
    labelNames: ['group', 'verdict'],
    registers,
  });
  const age = new Histogram({
    name: 'orderstream_delivery_age_seconds',
    help: 'How old events were when process managers had handled them',
    labelNames: ['group'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 600],
    registers,
  });
  const deadlines = new Counter({
    name: 'orderstream_deadlines_total',
    help: 'Deadlines that came due, by whether they could be fired',
    labelNames: ['outcome'],
    registers,
  });
  new Gauge({
    name: 'orderstream_outside_calls',
    help: 'Calls to payment provider and carrier that run, or wait for their turn',
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
    help: 'Parked items of a group, as last known',
    labelNames: ['group'],
    registers,
    async collect() {
      const items = await untilAborted(parked(), AbortSignal.timeout(PARKED_WITHIN_MS)).catch(
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
