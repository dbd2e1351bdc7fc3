import { type Decider, unchanged } from '../kernel/decider.ts';
import { NotFound, unhandled } from '../kernel/domain-error.ts';
import type { ProductId } from '../kernel/ids.ts';
import { sameMoney } from '../kernel/money.ts';
import type {
  ChangeProduct,
  CreateProduct,
  ProductCommand,
  RestoreProduct,
  RetireProduct,
} from './commands.ts';
import { ProductExists } from './errors.ts';
import type { ProductEvent } from './events.ts';
import { type ExistingProduct, initialProduct, type ProductState } from './state.ts';

/** What is sold: name, price, description and picture. Creating it twice throws `ProductExists`; changing a product that does not exist throws `NotFound`. */
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
      return change(command, existing(command.productId, state));
    case 'RetireProduct':
      return retire(command, existing(command.productId, state));
    case 'RestoreProduct':
      return restore(command, existing(command.productId, state));
    default:
      return unhandled(command);
  }
}

function evolve(state: ProductState, event: ProductEvent): ProductState {
  if (event.type === 'ProductCreated')
    return { status: 'created', ...event.data, description: null, imageUrl: null };
  if (state.status === 'unknown') return state;
  switch (event.type) {
    case 'ProductRenamed':
      return { ...state, name: event.data.name };
    case 'ProductRepriced':
      return { ...state, price: event.data.price };
    case 'ProductDescribed':
      return { ...state, description: event.data.description, imageUrl: event.data.imageUrl };
    case 'ProductRetired':
      return { ...state, status: 'retired' };
    case 'ProductRestored':
      return { ...state, status: 'created' };
    default:
      return unchanged(state, event);
  }
}

function create(command: CreateProduct, state: ProductState): readonly ProductEvent[] {
  if (state.status !== 'unknown') throw new ProductExists(state.productId);
  const { productId, name, price, openingQuantity } = command;
  return [
    { type: 'ProductCreated', data: { productId, name, price, openingQuantity } },
    ...describe(command, { description: null, imageUrl: null }),
  ];
}

function change(command: ChangeProduct, product: ExistingProduct): readonly ProductEvent[] {
  const { productId, name, price } = command;
  const events: ProductEvent[] = [];
  if (name !== undefined && name !== product.name)
    events.push({ type: 'ProductRenamed', data: { productId, name } });
  if (price !== undefined && !sameMoney(price, product.price))
    events.push({ type: 'ProductRepriced', data: { productId, price } });
  return [...events, ...describe(command, product)];
}

/** Returns no event when description and picture stay as they are. */
function describe(
  command: CreateProduct | ChangeProduct,
  current: Pick<ExistingProduct, 'description' | 'imageUrl'>,
): readonly ProductEvent[] {
  const { productId, description = current.description, imageUrl = current.imageUrl } = command;
  if (description === current.description && imageUrl === current.imageUrl) return [];
  return [{ type: 'ProductDescribed', data: { productId, description, imageUrl } }];
}

function retire(
  { productId, reason, retiredBy }: RetireProduct,
  { status }: ExistingProduct,
): readonly ProductEvent[] {
  if (status === 'retired') return [];
  return [{ type: 'ProductRetired', data: { productId, ...why(reason), retiredBy } }];
}

function restore(
  { productId, reason, restoredBy }: RestoreProduct,
  { status }: ExistingProduct,
): readonly ProductEvent[] {
  if (status !== 'retired') return [];
  return [{ type: 'ProductRestored', data: { productId, ...why(reason), restoredBy } }];
}

const why = (reason: string | undefined) => (reason === undefined ? {} : { reason });

function existing(productId: ProductId, state: ProductState): ExistingProduct {
  if (state.status === 'unknown') throw new NotFound('product', productId);
  return state;
}
