import { z } from 'zod';
import type { CommandHandler } from '../../command-handling/command-handler.ts';
import { inventoryDecider } from '../../domain/inventory/decider.ts';
import { ProductId } from '../../domain/kernel/ids.ts';
import type { ProductCommand } from '../../domain/product/commands.ts';
import { productDecider } from '../../domain/product/decider.ts';
import { inventoryStream, productStream } from '../../event-catalogue/streams.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import { ResourceNotFound } from '../../platform/http/response/errors.ts';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import { itemTag, itemTagOfProduct } from '../document-tags.ts';
import { CommandHeaders, Name, Opening, Price, ProductPath, Reason } from '../inputs.ts';
import type { Prices } from '../orders/prices.ts';
import { following, type Perform } from '../perform.ts';
import { keyProblem, stale } from '../problem-texts.ts';
import { answer, commandAnswer, Item, ItemCreated, later } from '../responses.ts';

export interface ItemRoutesOptions {
  readonly handler: CommandHandler;
  readonly store: Pick<EventStore, 'readLast'>;
  readonly prices: Prices;
  readonly perform: Perform;
}

export const ofItems = { tag: 'inventory', roles: ['operator', 'admin'], headers: CommandHeaders } as const;
export const unknownProduct = { 404: 'there is no such product' };

const NewItem = z
  .strictObject({
    productId: ProductId.meta({ description: 'case-sensitive; taken for good', example: '22000A' }),
    name: Name.meta({ description: 'as customers see it', example: 'Paper lantern' }),
    price: Price,
    quantity: Opening.optional().meta({
      description: 'opening stock in units; 0 when absent',
      example: 10,
    }),
  })
  .meta({
    id: 'NewItem',
    example: {
      productId: '22000A',
      name: 'Paper lantern',
      price: { amount: 255, currency: 'GBP' },
      quantity: 10,
    },
  });
const Change = z
  .strictObject({ name: Name.optional(), price: Price.optional() })
  .refine(({ name, price }) => name !== undefined || price !== undefined, 'name or price, at least one')
  .meta({
    id: 'ItemChange',
    minProperties: 1,
    example: { name: 'Paper lantern, large', price: { amount: 295, currency: 'GBP' } },
  });
const Retirement = z
  .strictObject({ reason: Reason.optional() })
  .optional()
  .meta({ id: 'Retirement', example: { reason: 'out of season' } });

export function itemRoutes({ handler, store, prices, perform }: ItemRoutesOptions): readonly Route[] {
  /** Sends a command to an existing product; returns the resulting item. */
  const changeProduct = async (
    request: Parameters<Perform>[0],
    command: Exclude<ProductCommand, { type: 'CreateProduct' }>,
  ) => {
    const { productId } = command;
    if ((await prices.find(productId)) === undefined) throw new ResourceNotFound('product', productId);
    const target = { stream: productStream(productId), part: 'product', correlationId: productId } as const;
    return perform(request, target, async (sending) => {
      const { state, ...reached } = await handler.handle({
        ...sending,
        stream: target.stream,
        decider: productDecider,
        command,
      });
      prices.learn(state, reached.revision);
      if (state.status === 'unknown') throw new ResourceNotFound('product', productId);
      const { name, price, status } = state;
      const item = { productId, name, price, ...(status === 'retired' && { retired: true }) };
      return commandAnswer(200, item, reached, await itemTagOfProduct(store, productId, reached.revision));
    });
  };

  const create = defineRoute({
    ...ofItems,
    method: 'post',
    path: '/api/v1/inventory/items',
    summary: 'Creates an item',
    description: 'Its opening stock is in place when the answer comes.',
    body: NewItem,
    responses: { 201: answer('created', ItemCreated) },
    problems: { 409: 'there is a product with this id', 412: stale, 422: keyProblem },
    handle: (request) => {
      const { productId, name, price, quantity = 0 } = request.body;
      const target = { stream: productStream(productId), part: 'product', correlationId: productId } as const;
      return perform(request, target, async (sending) => {
        const product = await handler.handle({
          ...sending,
          stream: target.stream,
          decider: productDecider,
          command: { type: 'CreateProduct', productId, name, price, openingQuantity: quantity },
          presumeNew: true,
        });
        prices.learn(product.state, product.revision);
        const stock =
          quantity === 0
            ? undefined
            : await handler.handle({
                stream: inventoryStream(productId),
                decider: inventoryDecider,
                command: { type: 'OpenStock', productId, quantity },
                context: following(sending.context, 'opening-stock'),
                presumeNew: true,
              });
        const reached = { ...product, position: later(product.position, stock?.position) };
        const item = { productId, name, price, quantity };
        return commandAnswer(201, item, reached, itemTag(product.revision, stock?.revision));
      });
    },
  });

  const change = defineRoute({
    ...ofItems,
    method: 'patch',
    path: '/api/v1/inventory/items/:productId',
    summary: 'Renames or reprices an item',
    description: 'Orders placed before keep their price.',
    params: ProductPath,
    body: Change,
    responses: { 200: answer('as it is now', Item) },
    problems: { ...unknownProduct, 412: stale, 422: keyProblem },
    handle: (request) => {
      const { productId } = request.params;
      const { name, price } = request.body;
      return changeProduct(request, {
        type: 'ChangeProduct',
        productId,
        ...(name !== undefined && { name }),
        ...(price !== undefined && { price }),
      });
    },
  });

  const retire = defineRoute({
    ...ofItems,
    method: 'post',
    path: '/api/v1/inventory/items/:productId/retire',
    summary: 'Ends the sale of an item',
    description:
      'It can no longer be ordered, and lists show it only with `retired=true` or `any`. Existing orders continue, and its history stays.',
    params: ProductPath,
    body: Retirement,
    responses: { 200: answer('retired, now or before', Item) },
    problems: { ...unknownProduct, 412: stale, 422: keyProblem },
    handle: (request) =>
      changeProduct(request, {
        type: 'RetireProduct',
        productId: request.params.productId,
        ...reasonOf(request.body),
        retiredBy: request.caller.sub,
      }),
  });

  const restore = defineRoute({
    ...ofItems,
    method: 'post',
    path: '/api/v1/inventory/items/:productId/restore',
    summary: 'Restores a retired item',
    params: ProductPath,
    body: Retirement,
    responses: { 200: answer('on sale, again or still', Item) },
    problems: { ...unknownProduct, 412: stale, 422: keyProblem },
    handle: (request) =>
      changeProduct(request, {
        type: 'RestoreProduct',
        productId: request.params.productId,
        ...reasonOf(request.body),
        restoredBy: request.caller.sub,
      }),
  });

  return [create, change, retire, restore];
}

const reasonOf = (body: z.output<typeof Retirement>) =>
  body?.reason === undefined ? {} : { reason: body.reason };
