import { z } from 'zod';
import { defineRoute } from '../../platform/http/route.ts';
import type { CommandRoute } from '../command-services.ts';
import { success } from '../http/command-response.ts';
import { Reason } from '../http/text-schemas.ts';
import { itemRoute, ProductPath, unknownProduct } from './item-schemas.ts';
import { Item, runProductCommand } from './run-product-command.ts';

const Retirement = z
  .strictObject({ reason: Reason.optional() })
  .optional()
  .meta({ id: 'Retirement', example: { reason: 'out of season' } });

const retirementRoute = {
  ...itemRoute,
  method: 'post',
  params: ProductPath,
  body: Retirement,
  problems: unknownProduct,
} as const;

export const retireItem: CommandRoute = (services) =>
  defineRoute({
    ...retirementRoute,
    path: '/api/v1/inventory/items/:productId/retire',
    summary: 'Ends the sale of an item',
    description:
      'It can no longer be ordered, and lists show it only with `retired=true` or `any`. Existing orders continue, and its history stays.',
    responses: { 200: success('retired, now or before', Item) },
    handle: (request) =>
      runProductCommand(services, request, {
        type: 'RetireProduct',
        productId: request.params.productId,
        ...reasonOf(request.body),
        retiredBy: request.caller.sub,
      }),
  });

export const restoreItem: CommandRoute = (services) =>
  defineRoute({
    ...retirementRoute,
    path: '/api/v1/inventory/items/:productId/restore',
    summary: 'Restores a retired item',
    responses: { 200: success('on sale, again or still', Item) },
    handle: (request) =>
      runProductCommand(services, request, {
        type: 'RestoreProduct',
        productId: request.params.productId,
        ...reasonOf(request.body),
        restoredBy: request.caller.sub,
      }),
  });

const reasonOf = (body: z.output<typeof Retirement>) =>
  body?.reason === undefined ? {} : { reason: body.reason };
