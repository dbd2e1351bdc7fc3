import { type Command, Option } from 'commander';
import { addChange, addList, addQuery, wholeNumber } from './options.ts';

const load = () => import('../items/items.ts');
const MAX_QUANTITY = 1_000_000_000;
const PRODUCT = ['<product>', 'the id of the product'] as const;

/** Adds the commands about products and their stock. */
export function addItemCommands(program: Command): void {
  const items = program.command('items').description('list, create and change products and their stock');

  addList(items, 'list', 'list items by name')
    .argument('[word...]', 'only items whose name or id has words that begin with these')
    .option(
      '--max-available <n>',
      'only items with at most this many available',
      wholeNumber(0, MAX_QUANTITY),
    )
    .addOption(new Option('--retired <which>', 'retired items').choices(['false', 'true', 'any']))
    .action(async (words, options) => (await load()).listItems(words, options));

  addQuery(items, 'show', 'show an item')
    .argument(...PRODUCT)
    .action(async (productId, options) => (await load()).showItem(productId, options));

  addList(items, 'movements', 'list changes of the stock of a product, the newest first')
    .argument(...PRODUCT)
    .action(async (productId, options) => (await load()).listMovements(productId, options));

  addChange(items, 'create', 'create a product')
    .argument(...PRODUCT)
    .requiredOption('--name <text>', 'its name')
    .requiredOption('--price <decimal>', 'its price, such as 2.55')
    .requiredOption('--currency <code>', 'the currency of the price, such as GBP')
    .option('--quantity <n>', 'units in stock', wholeNumber(1, MAX_QUANTITY))
    .option('--description <text>', 'its description')
    .option('--image-url <url>', 'its picture')
    .action(async (productId, options) => (await load()).createItem(productId, options));

  addChange(items, 'receive', 'add units to the stock')
    .argument(...PRODUCT)
    .argument('<quantity>', 'number of units', wholeNumber(1, MAX_QUANTITY))
    .action(async (productId, quantity, options) =>
      (await load()).receiveStock(productId, quantity, options),
    );

  addChange(items, 'adjust', 'correct the stock, for example after a count')
    .argument(...PRODUCT)
    .argument('<quantity>', 'units to add; negative to take away', wholeNumber(-MAX_QUANTITY, MAX_QUANTITY))
    .requiredOption('--reason <text>', 'why')
    .action(async (productId, quantity, options) => (await load()).adjustStock(productId, quantity, options));

  addChange(items, 'reprice', 'set the price of a product')
    .argument(...PRODUCT)
    .argument('<price>', 'a decimal number, such as 2.55')
    .option('--currency <code>', 'the currency of the price (default: that of the present price)')
    .action(async (productId, price, options) => (await load()).reprice(productId, price, options));

  addChange(items, 'rename', 'set the name of a product')
    .argument(...PRODUCT)
    .argument('<name>')
    .action(async (productId, name, options) => (await load()).rename(productId, name, options));

  for (const [action, description] of [
    ['retire', 'take a product off sale'],
    ['restore', 'bring a retired product back on sale'],
  ] as const)
    addChange(items, action, description)
      .argument(...PRODUCT)
      .option('--reason <text>', 'why')
      .action(async (productId, options) => (await load()).retireOrRestore(action, productId, options));
}
