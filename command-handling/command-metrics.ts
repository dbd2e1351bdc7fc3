import { Gauge, type Registry } from 'prom-client';
import type { WatchedCommandHandler } from './create-command-handler.ts';

/** What there is to see of a command handler, as Prometheus metrics in a registry. */
export function commandMetrics(
  registry: Registry,
  { waiting }: Pick<WatchedCommandHandler, 'waiting'>,
): void {
  new Gauge({
    name: 'orderstream_commands_waiting',
    help: 'Commands that wait for the turn of their stream',
    registers: [registry],
    collect() {
      this.set(waiting());
    },
  });
}
