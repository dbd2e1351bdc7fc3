import { z } from 'zod';
import { defineRoute } from '../../platform/http/route.ts';
import type { CommandRoute } from '../command-services.ts';
import { success } from '../http/command-response.ts';
import {
  checkImageUrl,
  Description,
  ImageUrl,
  itemRoute,
  Name,
  Price,
  ProductPath,
  unknownProduct,
} from './item-schemas.ts';
import { Item, runProductCommand } from './run-product-command.ts';

const Change = z
  .strictObject({
    name: Name.optional(),
    price: Price.optional(),
    description: Description.optional(),
    imageUrl: ImageUrl.optional(),
  })
  .refine(
    (fields) => Object.values(fields).some((value) => value !== undefined),
    'name, price, description or imageUrl, at least one',
  )
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
    summary: 'Changes name, price, description or picture of an item',
    description: 'Existing orders keep their prices.',
    params: ProductPath,
    body: Change,
    responses: { 200: success('the current item', Item) },
    problems: unknownProduct,
    handle: (request) => {
      const { productId } = request.params;
      const { name, price, description, imageUrl } = request.body;
      checkImageUrl(imageUrl, services.imageOrigins);
      return runProductCommand(services, request, {
        type: 'ChangeProduct',
        productId,
        ...(name !== undefined && { name }),
        ...(price !== undefined && { price }),
        ...(description !== undefined && { description }),
        ...(imageUrl !== undefined && { imageUrl }),
      });
    },
  });
