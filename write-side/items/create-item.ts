import { z } from 'zod';
import { aggregate } from '../../command-handling/aggregates.ts';
import { ProductId } from '../../domain/kernel/ids.ts';
import { defineRoute } from '../../platform/http/route.ts';
import type { CommandRoute } from '../command-services.ts';
import { commandResponse, later, reachedFields, success } from '../http/command-response.ts';
import { followUpContext } from '../http/run-command.ts';
import {
  checkImageUrl,
  Description,
  exampleItem,
  ImageUrl,
  itemFields,
  itemRoute,
  MAX_UNITS,
  Name,
  Price,
  shownDescription,
} from './item-schemas.ts';
import { itemTag } from './item-tag.ts';

const NewItem = z
  .strictObject({
    productId: ProductId.meta({ description: 'case-sensitive; taken for good', example: '22000A' }),
    name: Name.meta({ description: 'as customers see it', example: 'Paper lantern' }),
    price: Price,
    quantity: z.int().min(0).max(MAX_UNITS).optional().meta({
      description: 'opening stock in units; 0 when absent',
      example: 10,
    }),
    description: Description.optional(),
    imageUrl: ImageUrl.optional(),
  })
  .meta({ id: 'NewItem', example: { ...exampleItem, quantity: 10 } });

const ItemCreated = z
  .object({ ...itemFields, quantity: z.int(), ...reachedFields })
  .meta({ id: 'ItemCreated', example: { ...exampleItem, quantity: 10, revision: '0', position: '4411' } });

/** The process manager `opening-stock` opens the stock in any case; this route only does it before it responds. */
export const createItem: CommandRoute = ({ handler, prices, runCommand, imageOrigins }) =>
  defineRoute({
    ...itemRoute,
    method: 'post',
    path: '/api/v1/inventory/items',
    summary: 'Creates an item',
    description: 'The opening stock is recorded before the response.',
    body: NewItem,
    responses: { 201: success('created', ItemCreated) },
    problems: { 409: 'a product with this id exists' },
    handle: (request) => {
      const { productId, name, price, quantity = 0, description = null, imageUrl = null } = request.body;
      checkImageUrl(imageUrl, imageOrigins);
      const productStream = aggregate('product', productId);
      const target = { ...productStream, part: 'product', correlationId: productId } as const;
      return runCommand(request, target, async (options) => {
        const product = await handler.handle({
          ...productStream,
          ...options,
          command: {
            type: 'CreateProduct',
            productId,
            name,
            price,
            openingQuantity: quantity,
            description,
            imageUrl,
          },
          presumeNew: true,
        });
        prices.update(product.state, product.revision);
        const stock =
          quantity === 0
            ? undefined
            : await handler.handle({
                ...aggregate('inventory', productId),
                command: { type: 'OpenStock', productId, quantity },
                context: followUpContext(options.context, 'opening-stock'),
                presumeNew: true,
              });
        const reached = { ...product, position: later(product.position, stock?.position) };
        const fields = { productId, name, price, quantity, ...shownDescription({ description, imageUrl }) };
        return commandResponse(201, fields, reached, itemTag(product.revision, stock?.revision));
      });
    },
  });
