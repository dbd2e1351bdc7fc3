import { z } from 'zod';
import { aggregate } from '../../command-handling/aggregates.ts';
import type { AddStock, AdjustStock } from '../../domain/inventory/commands.ts';
import { levels } from '../../domain/inventory/state.ts';
import { ProductId } from '../../domain/kernel/ids.ts';
import { productStream } from '../../event-catalogue/streams.ts';
import { ResourceNotFound } from '../../platform/http/response/errors.ts';
import type { RouteResponse } from '../../platform/http/route.ts';
import type { CommandServices } from '../command-services.ts';
import { commandResponse, reachedFields } from '../http/command-response.ts';
import type { CommandHttpRequest } from '../http/run-command.ts';
import { itemTag } from './item-tag.ts';

export const Stock = z
  .object({
    productId: ProductId,
    quantity: z.int().meta({ description: 'by which the stock changed' }),
    onHand: z.int(),
    reserved: z.int(),
    available: z.int(),
    ...reachedFields,
  })
  .meta({
    id: 'StockChanged',
    example: {
      productId: '22000A',
      quantity: 100,
      onHand: 107,
      reserved: 0,
      available: 107,
      revision: '3',
      position: '10611',
    },
  });

/** Runs a command on the stock of an existing product. Responds with the `Stock`. Throws `ResourceNotFound`. */
export async function runStockCommand(
  { handler, store, prices, runCommand }: CommandServices,
  request: CommandHttpRequest,
  command: AddStock | AdjustStock,
): Promise<RouteResponse> {
  const { productId, quantity } = command;
  if ((await prices.find(productId)) === undefined) throw new ResourceNotFound('product', productId);
  const inventory = aggregate('inventory', productId);
  return runCommand(request, { ...inventory, part: 'stock', correlationId: productId }, async (options) => {
    const { state, ...reached } = await handler.handle({ ...inventory, ...options, command });
    const product = await store.readLast(productStream(productId));
    const etag = itemTag(product?.revision, reached.revision);
    return commandResponse(200, { productId, quantity, ...levels(state) }, reached, etag);
  });
}
