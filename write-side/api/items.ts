import { z } from 'zod';
import type { AdjustStock, ReceiveStock } from '../../domain/inventory/commands.ts';
import { inventoryDecider } from '../../domain/inventory/decider.ts';
import { levels } from '../../domain/inventory/state.ts';
import { ProductId } from '../../domain/kernel/ids.ts';
import { productDecider } from '../../domain/product/decider.ts';
import { inventoryStream, productStream } from '../../event-store/streams.ts';
import { ResourceNotFound } from '../../platform/http/errors.ts';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import type { CommandHandler } from '../commands/command-handler.ts';
import { answer, commandAnswer, Item, ItemCreated, later, Stock } from './answers.ts';
import { Adjusted, CommandHeaders, Name, Opening, Price, ProductPath, Reason, Received } from './inputs.ts';
import { following, type Perform } from './perform.ts';
import type { Prices } from './prices.ts';
import { keyProblem, stale } from './problem-texts.ts';

export interface ItemRoutesOptions {
  readonly handler: CommandHandler;
  readonly prices: Prices;
  readonly perform: Perform;
}

const ofItems = { tag: 'inventory', roles: ['operator', 'admin'], headers: CommandHeaders } as const;
const unknownProduct = { 404: 'there is no such product' };

const NewItem = z
  .strictObject({
    productId: ProductId,
    name: Name,
    price: Price,
    quantity: Opening.optional(),
  })
  .meta({ id: 'NewItem' });
const Change = z
  .strictObject({ name: Name.optional(), price: Price.optional() })
  .refine(({ name, price }) => name !== undefined || price !== undefined, 'name or price, at least one')
  .meta({ id: 'ItemChange', minProperties: 1 });
const Receipt = z.strictObject({ quantity: Received }).meta({ id: 'Receipt' });
const Adjustment = z.strictObject({ quantity: Adjusted, reason: Reason }).meta({ id: 'Adjustment' });

export function itemRoutes({ handler, prices, perform }: ItemRoutesOptions): readonly Route[] {
  const mustExist = async (productId: ProductId): Promise<void> => {
    if ((await prices.find(productId)) === undefined) throw new ResourceNotFound('product', productId);
  };

  const moveStock = async (request: Parameters<Perform>[0], command: ReceiveStock | AdjustStock) => {
    const { productId, quantity } = command;
    await mustExist(productId);
    const target = { stream: inventoryStream(productId), correlationId: productId };
    return perform(request, target, async (sending) => {
      const stock = await handler.handle({
        ...sending,
        stream: target.stream,
        decider: inventoryDecider,
        command,
      });
      return commandAnswer(200, { productId, quantity, ...levels(stock.state) }, stock);
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
      const target = { stream: productStream(productId), correlationId: productId };
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
        const position = later(product.position, stock?.position);
        return commandAnswer(201, { productId, name, price, quantity }, { ...product, position });
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
    handle: async (request) => {
      const { productId } = request.params;
      const { name, price } = request.body;
      await mustExist(productId);
      const target = { stream: productStream(productId), correlationId: productId };
      return perform(request, target, async (sending) => {
        const product = await handler.handle({
          ...sending,
          stream: target.stream,
          decider: productDecider,
          command: {
            type: 'ChangeProduct',
            productId,
            ...(name !== undefined && { name }),
            ...(price !== undefined && { price }),
          },
        });
        prices.learn(product.state, product.revision);
        if (product.state.status !== 'created') throw new ResourceNotFound('product', productId);
        const { name: nameNow, price: priceNow } = product.state;
        return commandAnswer(200, { productId, name: nameNow, price: priceNow }, product);
      });
    },
  });

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

  return [create, change, receive, adjust];
}
