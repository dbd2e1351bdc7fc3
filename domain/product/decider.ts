import { type Decider, unchanged } from '../kernel/decider.ts';
import { sameMoney } from '../kernel/money.ts';
import { NotFound, unhandled } from '../kernel/refusal.ts';
import type { ChangeProduct, CreateProduct, ProductCommand } from './commands.ts';
import type { ProductEvent } from './events.ts';
import { ProductExists } from './refusals.ts';
import { initialProduct, type ProductState } from './state.ts';

/** What is sold and for how much. Throws `ProductExists` on creating twice, `NotFound` on changing what is not. */
export const productDecider: Decider<ProductState, ProductCommand, ProductEvent> = {
  decide,
  evolve,
  initialState: initialProduct,
};

function decide(command: ProductCommand, state: ProductState): readonly ProductEvent[] {
  switch (command.type) {
    case 'CreateProduct':
      return create(command, state);
    case 'ChangeProduct':
      return change(command, state);
    default:
      return unhandled(command);
  }
}

function evolve(state: ProductState, event: ProductEvent): ProductState {
  switch (event.type) {
    case 'ProductCreated':
      return { status: 'created', ...event.data };
    case 'ProductRenamed':
      return state.status === 'created' ? { ...state, name: event.data.name } : state;
    case 'ProductRepriced':
      return state.status === 'created' ? { ...state, price: event.data.price } : state;
    default:
      return unchanged(state, event);
  }
}

function create(command: CreateProduct, state: ProductState): readonly ProductEvent[] {
  if (state.status === 'created') throw new ProductExists(state.productId);
  const { productId, name, price, openingQuantity } = command;
  return [{ type: 'ProductCreated', data: { productId, name, price, openingQuantity } }];
}

function change({ productId, name, price }: ChangeProduct, state: ProductState): readonly ProductEvent[] {
  if (state.status !== 'created') throw new NotFound('product', productId);
  const events: ProductEvent[] = [];
  if (name !== undefined && name !== state.name)
    events.push({ type: 'ProductRenamed', data: { productId, name } });
  if (price !== undefined && !sameMoney(price, state.price))
    events.push({ type: 'ProductRepriced', data: { productId, price } });
  return events;
}
