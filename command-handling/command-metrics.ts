import { Gauge, type Registry } from 'prom-client';
import type { QueuedCommandHandler } from './create-command-handler.ts';

/** Registers the metrics of a command handler. */
export function commandMetrics(registry: Registry, { waiting }: Pick<QueuedCommandHandler, 'waiting'>): void {
  new Gauge({
    name: 'orderstream_commands_waiting',
    help: 'Commands that wait in the queue of their stream',
    registers: [registry],
    collect() {
      this.set(waiting());
    },
  });
}
