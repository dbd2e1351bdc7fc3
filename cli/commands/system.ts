import type { Command } from 'commander';
import { addChange, addQuery } from './options.ts';

/** Adds the commands about the system itself. */
export function addSystemCommands(program: Command): void {
  addQuery(
    program,
    'status',
    'show every role, the stores, the read models and parked items at a glance',
  ).action(async (options) => (await import('../status/status.ts')).showStatus(options));

  addQuery(program, 'projections', 'list read models, with their lag').action(async (options) =>
    (await import('../projections/projections.ts')).listProjections(options),
  );

  addChange(program, 'demo', 'fill an empty shop with 30 products, 20 customers and 100 orders').action(
    async (options) => (await import('../demo/demo.ts')).fillShop(options),
  );

  const events = program.command('events').description('follow events as they happen');
  addQuery(events, 'follow', 'show the events of all orders as they happen, with their causes')
    .option('--type <type...>', 'only events of these types, such as OrderPlaced')
    .option('--order <id>', 'only events of this order')
    .action(async (options) => (await import('../events/follow.ts')).followEvents(options));
}
