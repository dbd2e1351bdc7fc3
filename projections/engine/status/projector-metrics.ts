import { Counter, Gauge, type Registry } from 'prom-client';
import type { Observer } from './observer.ts';

/** Creates the projector's Prometheus metrics. `help` texts are part of the metrics page. */
export function createProjectorMetrics(
  registry: Registry,
): Observer & { readonly writing: (isWriting: boolean) => void } {
  const registers = [registry];
  const position = new Gauge({
    name: 'orderstream_projection_position',
    help: 'Log position (commit) up to which a read model can be read',
    labelNames: ['model'],
    registers,
  });
  const stopped = new Gauge({
    name: 'orderstream_projection_stopped',
    help: '1 while a read model, or its rebuild, is stopped by an event that it cannot handle',
    labelNames: ['model'],
    registers,
  });
  const rebuilding = new Gauge({
    name: 'orderstream_projection_rebuilding',
    help: '1 while the next generation of a read model is being built',
    labelNames: ['model'],
    registers,
  });
  const events = new Counter({
    name: 'orderstream_projector_events_total',
    help: 'Events taken from the shared subscription',
    registers,
  });
  const batches = new Counter({
    name: 'orderstream_projector_batches_total',
    help: 'Batches taken from the shared subscription',
    registers,
  });
  const unknown = new Counter({
    name: 'orderstream_projector_unknown_events_total',
    help: 'Events skipped because their type is unknown',
    labelNames: ['type'],
    registers,
  });
  const writing = new Gauge({
    name: 'orderstream_projector_writing',
    help: '1 while this process holds the lease and writes the read models',
    registers,
  });
  return {
    moved: (model, { commit }) => position.set({ model }, Number(commit)),
    applied: (count) => {
      events.inc(count);
      batches.inc();
    },
    unknownEvent: (type) => unknown.inc({ type }),
    status: ({ name, error, rebuild }) => {
      stopped.set({ model: name }, error === undefined ? 0 : 1);
      rebuilding.set({ model: name }, rebuild === undefined ? 0 : 1);
    },
    writing: (isWriting) => writing.set(isWriting ? 1 : 0),
  };
}
