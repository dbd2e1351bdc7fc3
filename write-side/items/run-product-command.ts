import { z } from 'zod';
import { aggregate } from '../../command-handling/aggregates.ts';
import type { ProductCommand } from '../../domain/product/commands.ts';
import { inventoryStream } from '../../event-catalogue/streams.ts';
import { ResourceNotFound } from '../../platform/http/response/errors.ts';
import type { RouteResponse } from '../../platform/http/route.ts';
import type { CommandServices } from '../command-services.ts';
import { commandResponse, reachedFields } from '../http/command-response.ts';
import type { CommandHttpRequest } from '../http/run-command.ts';
import { exampleItem, itemFields, shownDescription } from './item-schemas.ts';
import { itemTag } from './item-tag.ts';

export const Item = z
  .object({
    ...itemFields,
    retired: z.literal(true).optional(),
    ...reachedFields,
  })
  .meta({
    id: 'ItemChanged',
    example: { ...exampleItem, price: { amount: 295, currency: 'GBP' }, revision: '1', position: '10423' },
  });

/** Runs a command on an existing product. Responds with the `Item`. Throws `ResourceNotFound`. */
export async function runProductCommand(
  { handler, store, prices, runCommand }: CommandServices,
  request: CommandHttpRequest,
  command: Exclude<ProductCommand, { type: 'CreateProduct' }>,
): Promise<RouteResponse> {
  const { productId } = command;
  if ((await prices.find(productId)) === undefined) throw new ResourceNotFound('product', productId);
  const product = aggregate('product', productId);
  return runCommand(request, { ...product, part: 'product', correlationId: productId }, async (options) => {
    const { state, ...reached } = await handler.handle({ ...product, ...options, command });
    prices.update(state, reached.revision);
    if (state.status === 'unknown') throw new ResourceNotFound('product', productId);
    const { name, price, status } = state;
    const shown = shownDescription(state);
    const item = { productId, name, price, ...shown, ...(status === 'retired' && { retired: true }) };
    const stock = await store.readLast(inventoryStream(productId));
    return commandResponse(200, item, reached, itemTag(reached.revision, stock?.revision));
  });
}
