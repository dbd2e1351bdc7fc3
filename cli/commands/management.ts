import type { Command } from 'commander';
import type { TokenSource } from '../http/server-client.ts';
import { addAccountCommands, addSessionCommands } from './accounts.ts';
import { addItemCommands } from './items.ts';
import { addOrderCommands } from './orders.ts';
import { addParkedCommands } from './parked.ts';
import { addPaymentCommands } from './payments.ts';
import { addShipmentCommands } from './shipments.ts';
import { addSystemCommands } from './system.ts';

/** Adds all commands that use a server. `local` has tokens of this machine's own configuration. */
export function addManagementCommands(program: Command, local?: TokenSource): void {
  program.commandsGroup('Log-in:');
  addSessionCommands(program);
  program.commandsGroup('Running the shop (through the gateway):');
  addOrderCommands(program);
  addItemCommands(program);
  addPaymentCommands(program);
  addShipmentCommands(program);
  addAccountCommands(program);
  addSystemCommands(program);
  addParkedCommands(program, local);
}
