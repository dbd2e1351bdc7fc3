import { describe, it } from 'vitest';
import { NotFound } from '../kernel/domain-error.ts';
import { productId } from '../kernel/ids.ts';
import { money } from '../kernel/money.ts';
import { specOf } from '../testing/given-when-then.ts';
import type { CreateProduct } from './commands.ts';
import { productDecider } from './decider.ts';
import { ProductExists } from './errors.ts';
import { type ProductEvent, productEvents } from './events.ts';

const { given } = specOf(productDecider, productEvents);

const lantern = productId('71053');
const create: CreateProduct = {
  type: 'CreateProduct',
  productId: lantern,
  name: 'WHITE METAL LANTERN',
  price: money(339, 'GBP'),
  openingQuantity: 40,
};
const created: ProductEvent = {
  type: 'ProductCreated',
  data: { productId: lantern, name: 'WHITE METAL LANTERN', price: money(339, 'GBP'), openingQuantity: 40 },
};
const renamed: ProductEvent = {
  type: 'ProductRenamed',
  data: { productId: lantern, name: 'White metal lantern' },
};
const repriced: ProductEvent = {
  type: 'ProductRepriced',
  data: { productId: lantern, price: money(375, 'GBP') },
};

const described = (description: string | null, imageUrl: string | null): ProductEvent => ({
  type: 'ProductDescribed',
  data: { productId: lantern, description, imageUrl },
});
const picture = 'https://images.example/lantern.jpg';

describe('creating a product', () => {
  it('records description and picture, when it has one of them, in an event of their own', () => {
    given()
      .when({ ...create, description: 'Folds flat.', imageUrl: null })
      .then(created, described('Folds flat.', null));
    given()
      .when({ ...create, description: null, imageUrl: null })
      .then(created);
  });
  it('records its name, its price and its opening stock', () => given().when(create).then(created));
  it('is rejected when the product exists', () =>
    given(created).when(create).thenRejects(ProductExists, { productId: '71053', code: 'product-exists' }));
});

describe('changing a product', () => {
  const change = { type: 'ChangeProduct', productId: lantern } as const;
  it('changes the name, the price or both', () => {
    given(created)
      .when({ ...change, name: 'White metal lantern' })
      .then(renamed);
    given(created)
      .when({ ...change, price: money(375, 'GBP') })
      .then(repriced);
    given(created)
      .when({ ...change, name: 'White metal lantern', price: money(375, 'GBP') })
      .then(renamed, repriced);
  });
  it('changes description and picture one by one; null removes', () => {
    given(created)
      .when({ ...change, imageUrl: picture })
      .then(described(null, picture));
    given(created, described('Folds flat.', picture))
      .when({ ...change, description: null })
      .then(described(null, picture));
  });
  it('records nothing when description and picture are the same', () => {
    given(created, described('Folds flat.', picture))
      .when({ ...change, description: 'Folds flat.', imageUrl: picture })
      .thenNothing();
    given(created)
      .when({ ...change, description: null })
      .thenNothing();
  });
  it('records nothing when name and price are the same', () =>
    given(created, renamed, repriced)
      .when({ ...change, name: 'White metal lantern', price: money(375, 'GBP') })
      .thenNothing());
  it('records a new price when only the currency differs', () =>
    given(created)
      .when({ ...change, price: money(339, 'EUR') })
      .then({ type: 'ProductRepriced', data: { productId: lantern, price: money(339, 'EUR') } }));
  it('is rejected when the product does not exist', () =>
    given().when(change).thenRejects(NotFound, { what: 'product', id: '71053' }));
  it('ignores changes before the creation', () => given(renamed, repriced).when(create).then(created));
});

describe('retiring a product', () => {
  const retire = { type: 'RetireProduct', productId: lantern, retiredBy: 'olga' } as const;
  const restore = { type: 'RestoreProduct', productId: lantern, restoredBy: 'otto' } as const;
  const retired: ProductEvent = {
    type: 'ProductRetired',
    data: { productId: lantern, reason: 'out of season', retiredBy: 'olga' },
  };
  const restored: ProductEvent = {
    type: 'ProductRestored',
    data: { productId: lantern, restoredBy: 'otto' },
  };

  it('records the operator and the reason', () => {
    given(created)
      .when({ ...retire, reason: 'out of season' })
      .then(retired);
    given(created)
      .when(retire)
      .then({ type: 'ProductRetired', data: { productId: lantern, retiredBy: 'olga' } });
  });
  it('has no effect when it is repeated, with any reason', () => {
    given(created, retired)
      .when({ ...retire, reason: 'broken moulds' })
      .thenNothing();
  });
  it('is undone by restoring, which has no effect when it is repeated', () => {
    given(created, retired).when(restore).then(restored);
    given(created, retired, restored).when(restore).thenNothing();
    given(created).when(restore).thenNothing();
    given(created, retired, restored)
      .when({ ...retire, reason: 'out of season' })
      .then(retired);
  });
  it('still allows changes of name and price, and no other product with its id', () => {
    given(created, retired)
      .when({ type: 'ChangeProduct', productId: lantern, name: 'White metal lantern' })
      .then(renamed);
    given(created, retired).when(create).thenRejects(ProductExists, { productId: '71053' });
  });
  it('is rejected when the product does not exist, like restoring', () => {
    given().when(retire).thenRejects(NotFound, { what: 'product', id: '71053' });
    given().when(restore).thenRejects(NotFound, { what: 'product', id: '71053' });
  });
});
