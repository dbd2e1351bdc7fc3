import { aggregate } from '../../command-handling/aggregates.ts';
import {
  type OpeningStockCommand,
  openingStockWorkflow,
  type ProductCreated,
  type ProductCreatedReceived,
} from '../../domain/opening-stock/workflow.ts';
import type { CommandTarget, Definition, WorkflowTypes } from '../engine/definition.ts';

export interface OpeningStock extends WorkflowTypes {
  readonly input: ProductCreatedReceived;
  readonly state: ProductCreated | undefined;
  readonly event: ProductCreated;
  readonly command: OpeningStockCommand;
  readonly result: never;
  readonly call: never;
}

export const openingStock: Definition<OpeningStock> = {
  name: 'opening-stock',
  workflow: openingStockWorkflow,
  prefixes: ['product-'],
  deliveriesAtOnce: 16,
  receive: ({ event }, now) => {
    if (event.type !== 'ProductCreated') return undefined;
    const created = event as ProductCreated;
    return { input: { type: 'ProductCreatedReceived', id: created.data.productId, now, event: created } };
  },
  targetOf: ({ id }) => aggregate('inventory', id) as unknown as CommandTarget,
  calls: {},
};
