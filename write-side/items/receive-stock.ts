import { z } from 'zod';
import { defineRoute } from '../../platform/http/route.ts';
import type { CommandRoute } from '../command-services.ts';
import { success } from '../http/command-response.ts';
import { itemRoute, MAX_UNITS, ProductPath, unknownProduct } from './item-schemas.ts';
import { runStockCommand, Stock } from './run-stock-command.ts';

const Receipt = z
  .strictObject({ quantity: z.int().min(1).max(MAX_UNITS) })
  .meta({ id: 'Receipt', example: { quantity: 100 } });

export const receiveStock: CommandRoute = (services) =>
  defineRoute({
    ...itemRoute,
    method: 'post',
    path: '/api/v1/inventory/items/:productId/receipts',
    summary: 'Receives stock',
    description: 'The revision is that of the stock, not of the product.',
    params: ProductPath,
    body: Receipt,
    responses: { 200: success('received', Stock) },
    problems: { ...unknownProduct, 409: 'the stock would be beyond 2^53-1' },
    handle: (request) => {
      const { productId } = request.params;
      const { quantity } = request.body;
      return runStockCommand(services, request, { type: 'ReceiveStock', productId, quantity });
    },
  });
