import { type Command, Option } from 'commander';
import { addChange, addList, addQuery } from './options.ts';

const load = () => import('../shipments/shipments.ts');
const ORDER = ['<order>', 'the id of the order'] as const;

/** Adds the commands about shipments. */
export function addShipmentCommands(program: Command): void {
  const shipments = program
    .command('shipments')
    .description('list shipments, and record what happens to them');

  addList(shipments, 'list', 'list shipments, the oldest request first')
    .addOption(
      new Option('--status <status>', 'requested: waits for dispatch').choices([
        'requested',
        'dispatched',
        'delivered',
        'cancelled',
      ]),
    )
    .option('--newest', 'the newest request first')
    .action(async (options) => (await load()).listShipments(options));

  addQuery(shipments, 'show', 'show the shipment of an order')
    .argument(...ORDER)
    .action(async (orderId, options) => (await load()).showShipment(orderId, options));

  addChange(shipments, 'dispatch', 'record that the carrier has taken the parcel of an order')
    .argument(...ORDER)
    .requiredOption('--carrier <name>', 'the carrier')
    .requiredOption('--tracking <number>', "the carrier's number of the parcel")
    .action(async (orderId, options) => (await load()).dispatchShipment(orderId, options));

  addChange(shipments, 'deliver', 'record that the parcel of an order has arrived')
    .argument(...ORDER)
    .action(async (orderId, options) => (await load()).deliverShipment(orderId, options));
}
