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
  const reported = new Map<string, number>();
  new Counter({
    name: 'orderstream_outside_retries_total',
    help: 'Immediate retries of calls to external parties that were unavailable',
    labelNames: ['party'],
    registers,
    collect() {
      for (const [party, counts] of Object.entries(parties)) {
        const retries = counts.retries();
        this.inc({ party }, retries - (reported.get(party) ?? 0));
        reported.set(party, retries);
      }
    },
  });
}
