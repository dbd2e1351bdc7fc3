import { Counter, Gauge, type Registry } from 'prom-client';
import type { Guard } from './guard.ts';

export type WatchedGuard = Pick<Guard, 'circuits' | 'retries'>;

/** What there is to see of the outside parties, by name. Circuits are counted, not named: their names may be tokens. */
export function guardMetrics(registry: Registry, parties: Readonly<Record<string, WatchedGuard>>): void {
  const registers = [registry];
  new Gauge({
    name: 'orderstream_circuits',
    help: 'Circuit breakers round outside parties, by their state',
    labelNames: ['party', 'state'],
    registers,
    collect() {
      for (const [party, guard] of Object.entries(parties))
        for (const [state, count] of Object.entries(guard.circuits())) this.set({ party, state }, count);
    },
  });
  const told = new Map<string, number>();
  new Counter({
    name: 'orderstream_outside_retries_total',
    help: 'Calls to outside parties that were tried again at once, since they were away',
    labelNames: ['party'],
    registers,
    collect() {
      for (const [party, guard] of Object.entries(parties)) {
        const retries = guard.retries();
        this.inc({ party }, retries - (told.get(party) ?? 0));
        told.set(party, retries);
      }
    },
  });
}
