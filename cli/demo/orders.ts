import { demoProducts, SCARCE } from './products.ts';

export const demoCustomers: readonly string[] = [
  'amelia.hart',
  'ben.okafor',
  'chiara.rossi',
  'daniel.weber',
  'elif.yilmaz',
  'farah.haddad',
  'george.mills',
  'hana.sato',
  'ivan.petrov',
  'julia.nowak',
  'kofi.mensah',
  'lena.fischer',
  'mateo.garcia',
  'nadia.rahman',
  'oscar.lindqvist',
  'priya.nair',
  'quentin.moreau',
  'rosa.almeida',
  'samuel.cohen',
  'tess.vandijk',
].map((name) => `${name}@example.com`);

/** How far an order shall come. A carrier that dispatches by itself ships confirmed orders too. */
export type Target =
  | 'delivered'
  | 'shipped'
  | 'confirmed'
  | 'cancelled'
  | 'declined'
  | 'out-of-stock'
  | 'placed';

export interface DemoOrder {
  readonly number: number;
  readonly target: Target;
  readonly customerId: string;
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
  readonly payment: { readonly token: string };
}

const COUNTS: readonly (readonly [Target, number])[] = [
  ['delivered', 42],
  ['shipped', 23],
  ['confirmed', 14],
  ['cancelled', 8],
  ['declined', 6],
  ['out-of-stock', 4],
  // Last, since they stay `placed` only until the provider is given up.
  ['placed', 3],
];

const TOKENS: Readonly<Record<Target, string>> = {
  delivered: 'tok_ok',
  shipped: 'tok_ok',
  confirmed: 'tok_ok',
  // Captured after 2 s, which leaves time to cancel before the parcel leaves.
  cancelled: 'tok_slow',
  declined: 'tok_declined',
  'out-of-stock': 'tok_ok',
  placed: 'tok_down',
};

/** Every demo order differs from the others in its customer or its lines, so that it can be recognised. */
export const demoOrders: readonly DemoOrder[] = COUNTS.flatMap(([target, count]) =>
  Array<Target>(count).fill(target),
).map((target, number) => ({
  number,
  target,
  customerId: demoCustomers[(number * 7) % demoCustomers.length] ?? '',
  items: target === 'out-of-stock' ? [{ productId: SCARCE, quantity: 10 + number }] : linesOf(number),
  payment: { token: TOKENS[target] },
}));

/** Returns one to four lines; neither the scarce product nor the last one, which is created at the end. */
function linesOf(number: number): DemoOrder['items'] {
  const sold = demoProducts.slice(0, -1).filter(({ productId }) => productId !== SCARCE);
  return Array.from({ length: 1 + (number % 4) }, (_, line) => ({
    productId: sold[(number * 5 + line * 11) % sold.length]?.productId ?? '',
    quantity: 1 + ((number + line) % 3),
  }));
}

/** Returns what tells one demo order from the others. */
export const signatureOf = ({
  customerId,
  items,
}: {
  readonly customerId: string;
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
}): string =>
  JSON.stringify([customerId, items.map(({ productId, quantity }) => `${productId}=${quantity}`).sort()]);
