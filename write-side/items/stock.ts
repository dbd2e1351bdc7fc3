import { z } from 'zod';
import type { AdjustStock, ReceiveStock } from '../../domain/inventory/commands.ts';
import { inventoryDecider } from '../../domain/inventory/decider.ts';
import { levels } from '../../domain/inventory/state.ts';
import { inventoryStream } from '../../event-catalogue/streams.ts';
import { ResourceNotFound } from '../../platform/http/response/errors.ts';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import { itemTagOfStock } from '../document-tags.ts';
import { Adjusted, ProductPath, Reason, Received } from '../inputs.ts';
import type { Perform } from '../perform.ts';
import { keyProblem, stale } from '../problem-texts.ts';
import { answer, commandAnswer, Stock } from '../responses.ts';
import { type ItemRoutesOptions, ofItems, unknownProduct } from './items.ts';

const Receipt = z.strictObject({ quantity: Received }).meta({ id: 'Receipt', example: { quantity: 100 } });
const Adjustment = z
  .strictObject({ quantity: Adjusted, reason: Reason })
  .meta({ id: 'Adjustment', example: { quantity: -2, reason: 'broken in the warehouse' } });

export function stockRoutes({ handler, store, prices, perform }: ItemRoutesOptions): readonly Route[] {
  const moveStock = async (request: Parameters<Perform>[0], command: ReceiveStock | AdjustStock) => {
    const { productId, quantity } = command;
    if ((await prices.find(productId)) === undefined) throw new ResourceNotFound('product', productId);
    const target = { stream: inventoryStream(productId), part: 'stock', correlationId: productId } as const;
    return perform(request, target, async (sending) => {
      const { state, ...reached } = await handler.handle({
        ...sending,
        stream: target.stream,
        decider: inventoryDecider,
        command,
      });
      const etag = await itemTagOfStock(store, productId, reached.revision);
      return commandAnswer(200, { productId, quantity, ...levels(state) }, reached, etag);
    });
  };

  const receive = defineRoute({
    ...ofItems,
    method: 'post',
    path: '/api/v1/inventory/items/:productId/receipts',
    summary: 'Receives stock',
    description: 'The revision is that of the stock, not of the product.',
    params: ProductPath,
    body: Receipt,
    responses: { 200: answer('received', Stock) },
    problems: {
      ...unknownProduct,
      409: 'the stock would be beyond 2^53-1',
      412: stale,
      422: keyProblem,
    },
    handle: async (request) => {
      const { productId } = request.params;
      const { quantity } = request.body;
      return moveStock(request, { type: 'ReceiveStock', productId, quantity });
    },
  });

  const adjust = defineRoute({
    ...ofItems,
    method: 'post',
    path: '/api/v1/inventory/items/:productId/adjustments',
    summary: 'Adjusts stock after a count, a loss or a find',
    description: 'The quantity may be negative. The revision is that of the stock, not of the product.',
    params: ProductPath,
    body: Adjustment,
    responses: { 200: answer('adjusted', Stock) },
    problems: {
      ...unknownProduct,
      409: 'the stock would be below what is reserved, or beyond 2^53-1',
      412: stale,
      422: keyProblem,
    },
    handle: async (request) => {
      const { productId } = request.params;
      const { quantity, reason } = request.body;
      return moveStock(request, { type: 'AdjustStock', productId, quantity, reason });
    },
  });

  return [receive, adjust];
}
