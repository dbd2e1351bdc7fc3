// Loaded before process managers (`node --import`): reserving this item ends the process, as a lack of memory would.
import { inventoryDecider } from '../../../../dist/domain/inventory/decider.js';

const { decide } = inventoryDecider;
inventoryDecider.decide = (command, state) => {
  if (command.type === 'ReserveStock' && command.productId === process.env.LETHAL_ITEM)
    process.kill(process.pid, 'SIGKILL');
  return decide(command, state);
};
