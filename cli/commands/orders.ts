import type { Command } from 'commander';
import { Option } from 'commander';
import { addChange, addList, addQuery } from './options.ts';

const load = () => import('../orders/orders.ts');
const loadEvents = () => import('../events/timeline.ts');

/** Adds the commands about orders. */
export function addOrderCommands(program: Command): void {
  const orders = program.command('orders').description('place, list, show, cancel and watch orders');

  addChange(orders, 'place', 'place an order')
    .argument('<line...>', 'a product and its quantity, such as 22000A=3')
    .option('--customer <id>', 'the customer; only operators order for others')
    .option('--pay <token>', 'the payment token')
    .action(async (lines, options) => (await load()).placeOrder(lines, options));

  addList(orders, 'list', 'list orders, the newest first')
    .addOption(
      new Option('--status <status>', 'only orders of this status').choices([
        'placed',
        'confirmed',
        'shipped',
        'delivered',
        'rejected',
        'cancelled',
      ]),
    )
    .option('--customer <id>', 'only orders of this customer')
    .option('--from <time>', 'only orders placed at this time or later, such as 2026-01-31T00:00:00Z')
    .option('--to <time>', 'only orders placed before this time')
    .option('--oldest', 'the oldest first')
    .action(async (options) => (await load()).listOrders(options));

  addQuery(orders, 'show', 'show an order')
    .argument('<order>', 'the id of the order')
    .action(async (orderId, options) => (await load()).showOrder(orderId, options));

  addChange(orders, 'cancel', 'cancel an order that is not dispatched')
    .argument('<order>', 'the id of the order')
    .option('--reason <text>', 'why')
    .action(async (orderId, options) => (await load()).cancelOrder(orderId, options));

  addQuery(orders, 'timeline', 'show all events of an order, with their causes')
    .argument('<order>', 'the id of the order')
    .action(async (orderId, options) => (await loadEvents()).showTimeline(orderId, options));

  addQuery(orders, 'watch', 'show the events of an order as they happen, until it is at rest')
    .argument('<order>', 'the id of the order')
    .action(async (orderId, options) => (await loadEvents()).watchOrder(orderId, options));
}
