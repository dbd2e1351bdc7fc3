import { type ChangeOptions, type ListOptions, openCli, type ServerOptions } from '../cli.ts';
import { pathPart } from '../http/answer.ts';
import { type Amount, describeAmount, parsePrice } from '../output/amounts.ts';
import { type Column, fields } from '../output/table.ts';
import { age } from '../output/times.ts';

const ITEMS = '/api/v1/inventory/items';

/** An item, as the query API shows it. */
interface Item {
  readonly productId: string;
  readonly name: string;
  readonly price: Amount;
  readonly onHand?: number;
  readonly reserved?: number;
  readonly available: number;
  readonly retired?: boolean;
  readonly retirement?: { readonly reason?: string };
  readonly description?: string;
  readonly imageUrl?: string;
  readonly taxRate?: number;
}

const columns: readonly Column<Item>[] = [
  {
    header: 'PRODUCT',
    value: ({ productId }) => productId,
    style: ({ retired }) => (retired ? 'dim' : undefined),
  },
  { header: 'NAME', value: ({ name }) => name, shrinksTo: 10 },
  { header: 'PRICE', value: ({ price }) => describeAmount(price), align: 'right' },
  {
    header: 'AVAILABLE',
    value: ({ available }) => available,
    align: 'right',
    style: ({ available }) => (available === 0 ? 'red' : undefined),
  },
  { header: 'RESERVED', value: ({ reserved }) => reserved, align: 'right' },
  { header: 'ON HAND', value: ({ onHand }) => onHand, align: 'right' },
  { header: '', value: ({ retired }) => (retired ? 'retired' : ''), style: () => 'yellow' },
];

const describeItem = (item: Item): string =>
  fields({
    product: item.productId,
    name: item.name,
    price: describeAmount(item.price),
    available: item.available,
    reserved: item.reserved,
    'on hand': item.onHand,
    description: item.description,
    image: item.imageUrl,
    retired: item.retired ? (item.retirement?.reason ?? 'yes') : undefined,
  });

export interface ListItems extends ListOptions {
  readonly maxAvailable?: number;
  readonly retired?: string;
}

export async function listItems(words: readonly string[], options: ListItems): Promise<void> {
  const { maxAvailable, retired } = options;
  const query = { query: words.length === 0 ? undefined : words.join(' '), maxAvailable, retired };
  await openCli(options).list<Item>(ITEMS, query, options, columns, 'There are no such items.');
}

const pathOf = (productId: string, action = '') => `${ITEMS}/${pathPart(productId)}${action}`;

export async function showItem(productId: string, options: ServerOptions): Promise<void> {
  await openCli(options).show(pathOf(productId), describeItem);
}

interface Movement {
  readonly type: string;
  readonly quantity: number;
  readonly at: string;
  readonly orderId?: string;
  readonly reason?: string;
}

const movementColumns: readonly Column<Movement>[] = [
  { header: 'MOVEMENT', value: ({ type }) => type },
  { header: 'QUANTITY', value: ({ quantity }) => quantity, align: 'right' },
  { header: 'AGE', value: ({ at }) => age(at), align: 'right' },
  { header: 'ORDER', value: ({ orderId }) => orderId },
  { header: 'REASON', value: ({ reason }) => reason, shrinksTo: 8 },
];

export async function listMovements(productId: string, options: ListOptions): Promise<void> {
  const path = pathOf(productId, '/movements');
  await openCli(options).list<Movement>(path, {}, options, movementColumns, 'There are no movements.');
}

export interface CreateItem extends ChangeOptions {
  readonly name: string;
  readonly price: string;
  readonly currency: string;
  readonly quantity?: number;
  readonly description?: string;
  readonly imageUrl?: string;
}

export async function createItem(productId: string, options: CreateItem): Promise<void> {
  const { name, price, currency, quantity, description, imageUrl } = options;
  const body = { productId, name, price: parsePrice(price, currency), quantity, description, imageUrl };
  await openCli(options).send({ method: 'POST', path: ITEMS, body }, options, (item: CreatedItem) =>
    fields({
      product: item.productId,
      name: item.name,
      price: describeAmount(item.price),
      quantity: item.quantity,
    }),
  );
}

interface CreatedItem {
  readonly productId: string;
  readonly name: string;
  readonly price: Amount;
  readonly quantity?: number;
}

export async function receiveStock(
  productId: string,
  quantity: number,
  options: ChangeOptions,
): Promise<void> {
  const request = { method: 'POST', path: pathOf(productId, '/receipts'), body: { quantity } } as const;
  await openCli(options).send(request, options, () => `${quantity} of ${productId} are received`);
}

export async function adjustStock(
  productId: string,
  quantity: number,
  options: ChangeOptions & { readonly reason: string },
): Promise<void> {
  const body = { quantity, reason: options.reason };
  const request = { method: 'POST', path: pathOf(productId, '/adjustments'), body } as const;
  const sign = quantity > 0 ? '+' : '';
  await openCli(options).send(
    request,
    options,
    () => `the stock of ${productId} is adjusted by ${sign}${quantity}`,
  );
}

/** Sets a price. Without a currency, in the currency of the present price. */
export async function reprice(
  productId: string,
  price: string,
  options: ChangeOptions & { readonly currency?: string },
): Promise<void> {
  const cli = openCli(options);
  const path = pathOf(productId);
  const currency = options.currency ?? ((await cli.get(path)).body as Item).price.currency;
  const body = { price: parsePrice(price, currency) };
  const words = `the price of ${productId} is ${describeAmount(body.price)}`;
  await cli.send({ method: 'PATCH', path, body }, options, () => words);
}

export async function rename(productId: string, name: string, options: ChangeOptions): Promise<void> {
  const request = { method: 'PATCH', path: pathOf(productId), body: { name } } as const;
  await openCli(options).send(request, options, () => `${productId} is renamed`);
}

export async function retireOrRestore(
  action: 'retire' | 'restore',
  productId: string,
  options: ChangeOptions & { readonly reason?: string },
): Promise<void> {
  const body = options.reason === undefined ? {} : { reason: options.reason };
  const request = { method: 'POST', path: pathOf(productId, `/${action}`), body } as const;
  const done = action === 'retire' ? 'retired: it cannot be ordered' : 'restored: it can be ordered';
  await openCli(options).send(request, options, () => `${productId} is ${done}`);
}
