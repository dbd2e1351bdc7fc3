import type { InventoryCommand } from '../../domain/inventory/commands.ts';
import { inventoryDecider } from '../../domain/inventory/decider.ts';
import type { InventoryEvent } from '../../domain/inventory/events.ts';
import type { InventoryState } from '../../domain/inventory/state.ts';
import { orderId, productId } from '../../domain/kernel/ids.ts';
import type { CommandContext, CommandRequest } from '../command-handler.ts';

const product = productId('85123A');
export const stock = 'inventory-85123A';

export const context = (commandId: string, fingerprint?: string): CommandContext => ({
  commandId,
  correlationId: 'correlation-1',
  causationId: 'cause-1',
  actor: { sub: 'olivia', role: 'operator' },
  ...(fingerprint !== undefined && { fingerprint }),
});

type InventoryRequest = CommandRequest<InventoryState, InventoryCommand, InventoryEvent>;

const toStock = (
  commandId: string,
  command: InventoryCommand,
  more: Partial<InventoryRequest>,
): InventoryRequest => ({
  stream: stock,
  decider: inventoryDecider,
  command,
  context: context(commandId),
  ...more,
});

export const receive = (
  quantity: number,
  commandId: string,
  more: Partial<InventoryRequest> = {},
): InventoryRequest => toStock(commandId, { type: 'ReceiveStock', productId: product, quantity }, more);

export const open = (
  quantity: number,
  commandId: string,
  more: Partial<InventoryRequest> = {},
): InventoryRequest => toStock(commandId, { type: 'OpenStock', productId: product, quantity }, more);

export const adjust = (
  quantity: number,
  commandId: string,
  more: Partial<InventoryRequest> = {},
): InventoryRequest =>
  toStock(commandId, { type: 'AdjustStock', productId: product, quantity, reason: 'counted' }, more);

export const reserve = (
  order: string,
  quantity: number,
  commandId: string,
  more: Partial<InventoryRequest> = {},
): InventoryRequest =>
  toStock(
    commandId,
    {
      type: 'ReserveStock',
      productId: product,
      orderId: orderId(order),
      orderPosition: '10423',
      quantity,
    },
    more,
  );

export const commit = (
  order: string,
  commandId: string,
  more: Partial<InventoryRequest> = {},
): InventoryRequest =>
  toStock(
    commandId,
    {
      type: 'CommitStock',
      productId: product,
      orderId: orderId(order),
      orderPosition: '10423',
    },
    more,
  );
