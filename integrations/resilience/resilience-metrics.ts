import { Counter, Gauge, type Registry } from 'prom-client';
import type { ResilienceCounts } from './resilient-calls.ts';

/** Registers metrics of the external parties, by name. Circuits are counted per state and not named. */
export function resilienceMetrics(
  registry: Registry,
  parties: Readonly<Record<string, ResilienceCounts>>,
): void {
  const registers = [registry];
  new Gauge({
    name: 'orderstream_circuits',
    help: 'Circuit breakers of external parties, by state',
    labelNames: ['party', 'state'],
    registers,
    collect() {
      for (const [party, counts] of Object.entries(parties))
        for (const [state, count] of Object.entries(counts.circuits())) this.set({ party, state }, count);
    },
  });
  new Counter({
    name: 'orderstream_outside_retries_total',
    help: 'Immediate retries of calls to external parties that were unavailable',
    labelNames: ['party'],
    registers,
    collect() {
      this.reset();
      for (const [party, counts] of Object.entries(parties)) this.inc({ party }, counts.retries());
    },
  });
}
