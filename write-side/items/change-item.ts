import { z } from 'zod';
import { defineRoute } from '../../platform/http/route.ts';
import type { CommandRoute } from '../command-services.ts';
import { success } from '../http/command-response.ts';
import { itemRoute, Name, Price, ProductPath, unknownProduct } from './item-schemas.ts';
import { Item, runProductCommand } from './run-product-command.ts';

const Change = z
  .strictObject({ name: Name.optional(), price: Price.optional() })
  .refine(({ name, price }) => name !== undefined || price !== undefined, 'name or price, at least one')
  .meta({
    id: 'ItemChange',
    minProperties: 1,
    example: { name: 'Paper lantern, large', price: { amount: 295, currency: 'GBP' } },
  });

export const changeItem: CommandRoute = (services) =>
  defineRoute({
    ...itemRoute,
    method: 'patch',
    path: '/api/v1/inventory/items/:productId',
    summary: 'Renames or reprices an item',
    description: 'Existing orders keep their prices.',
    params: ProductPath,
    body: Change,
    responses: { 200: success('the current item', Item) },
    problems: unknownProduct,
    handle: (request) => {
      const { productId } = request.params;
      const { name, price } = request.body;
      return runProductCommand(services, request, {
        type: 'ChangeProduct',
        productId,
        ...(name !== undefined && { name }),
        ...(price !== undefined && { price }),
      });
    },
  });
