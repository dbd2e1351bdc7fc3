import type { AddStock } from '../inventory/commands.ts';
import type { ProductId } from '../kernel/ids.ts';
import { type EngineInput, noActions, type Workflow, type WorkflowInput } from '../kernel/workflow.ts';
import type { ProductEvent } from '../product/events.ts';

export type ProductCreated = Extract<ProductEvent, { type: 'ProductCreated' }>;
export interface ProductCreatedReceived extends WorkflowInput<'ProductCreatedReceived'> {
  readonly event: ProductCreated;
}
export interface OpeningStockCommand {
  readonly id: ProductId;
  readonly command: AddStock;
}

/**
 * Puts the opening stock of a new product in place. The command API does so before it responds; this repeats it where a
 * crash came between, and changes nothing where it is in place. It records nothing: its one event starts and ends it.
 */
export const openingStockWorkflow: Workflow<
  ProductCreatedReceived | EngineInput<never>,
  ProductCreated | undefined,
  ProductCreated,
  OpeningStockCommand,
  never
> = {
  initialState: undefined,
  decide: (input) => (input.type === 'ProductCreatedReceived' ? [input.event] : []),
  evolve: (_, event) => event,
  actions: (created) => {
    if (created === undefined || created.data.openingQuantity === 0) return noActions;
    const { productId, openingQuantity: quantity } = created.data;
    const command = { type: 'OpenStock', productId, quantity } as const;
    return { ...noActions, commandsId: 'open-stock', commands: [[{ id: productId, command }]] };
  },
};
