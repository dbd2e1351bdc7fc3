import { z } from 'zod';
import { defineRoute } from '../../platform/http/route.ts';
import type { CommandRoute } from '../command-services.ts';
import { success } from '../http/command-response.ts';
import { Reason } from '../http/text-schemas.ts';
import { itemRoute, MAX_UNITS, ProductPath, unknownProduct } from './item-schemas.ts';
import { runStockCommand, Stock } from './run-stock-command.ts';

const Adjustment = z
  .strictObject({
    quantity: z
      .int()
      .min(-MAX_UNITS)
      .max(MAX_UNITS)
      .refine((quantity) => quantity !== 0, 'an adjustment is above or below 0')
      .meta({ override: { not: { const: 0 } } }),
    reason: Reason,
  })
  .meta({ id: 'Adjustment', example: { quantity: -2, reason: 'broken in the warehouse' } });

export const adjustStock: CommandRoute = (services) =>
  defineRoute({
    ...itemRoute,
    method: 'post',
    path: '/api/v1/inventory/items/:productId/adjustments',
    summary: 'Adjusts stock after a count, a loss or a find',
    description: 'The quantity may be negative. The revision is that of the stock, not of the product.',
    params: ProductPath,
    body: Adjustment,
    responses: { 200: success('adjusted', Stock) },
    problems: {
      ...unknownProduct,
      409: 'the stock would be below the reserved quantity, or beyond 2^53-1',
    },
    handle: (request) => {
      const { productId } = request.params;
      const { quantity, reason } = request.body;
      return runStockCommand(services, request, { type: 'AdjustStock', productId, quantity, reason });
    },
  });
