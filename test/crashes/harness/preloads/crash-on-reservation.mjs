// Loaded with `node --import` before process managers. Reserving the item CRASHING_ITEM kills the process, as the lack of
// memory would.
import { inventoryDecider } from '../../../../dist/domain/inventory/decider.js';

const { decide } = inventoryDecider;
inventoryDecider.decide = (command, state) => {
  if (command.type === 'ReserveStock' && command.productId === process.env.CRASHING_ITEM)
    process.kill(process.pid, 'SIGKILL');
  return decide(command, state);
};
