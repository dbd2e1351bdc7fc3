import { createHash } from 'node:crypto';
import type { BadRow, Row, SalesFile } from './rows.ts';

export interface PlannedItem {
  readonly productId: string;
  readonly name: string;
  /** In pence. */
  readonly price: number;
  /** All that the file orders of it in lines that count. */
  readonly ordered: number;
}
export interface PlannedOrder {
  readonly invoice: string;
  readonly customerId: string;
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
  /** Lines of the file that count, before the same code twice is added up. */
  readonly lines: number;
}
/** What a file asks of the shop: whom to sell what, and what was left out and why. */
export interface Plan {
  /** Stands for the file's content in idempotency keys. */
  readonly digest: string;
  readonly invoices: number;
  readonly items: readonly PlannedItem[];
  readonly orders: readonly PlannedOrder[];
  readonly lines: number;
  readonly skipped: { readonly creditNotes: number; readonly lines: number; readonly invoices: number };
  readonly bad: readonly BadRow[];
}

const PRODUCT_ID = /^[0-9]{5}([A-Za-z0-9._ -]{0,58}[A-Za-z0-9._-])?$/;
const CUSTOMER_ID = /^[A-Za-z0-9._-]{1,64}$/;
const DECIMAL = /^-?[0-9]{1,12}(\.[0-9]{1,6})?$/;
const MOST_UNITS = 1_000_000;
const MOST_PRODUCTS = 1_000;
const MOST_IN_A_NAME = 200;
/** Goes into an idempotency key, which is printable ASCII. */
const INVOICE = /^[\x20-\x7e]{1,100}$/;

/** A decimal price in pounds as whole pence, rounded half up; NaN when it is no number. */
export function pence(price: string): number {
  return DECIMAL.test(price) ? Math.round(Number(`${price}e2`)) : Number.NaN;
}

interface Item {
  name: string;
  price: number;
}

interface Invoice {
  /** Its first in the file. */
  readonly line: number;
  readonly quantities: Map<string, number>;
  customerId: string;
  lines: number;
}

/** Works out what a sales file asks for. Nothing is guessed: what does not count is counted as skipped or bad. */
export function planReplay(file: SalesFile): Plan {
  const items = new Map<string, Item>();
  const invoices = new Map<string, Invoice>();
  const bad: BadRow[] = [...file.bad];
  let skippedLines = 0;

  for (const row of file.rows) {
    const { line, InvoiceNo: number, StockCode: code } = row;
    const invoice = invoices.get(number) ?? { line, customerId: '', quantities: new Map(), lines: 0 };
    if (number !== '') invoices.set(number, invoice);
    const problem = problemOf(row);
    if (problem) {
      bad.push({ line, problem });
      continue;
    }
    const price = pence(row.UnitPrice);
    const isProduct = PRODUCT_ID.test(code);
    if (isProduct) {
      const item = items.get(code) ?? { name: '', price: 0 };
      items.set(code, item);
      item.name ||= [...row.Description.trim()].slice(0, MOST_IN_A_NAME).join('');
      if (item.price <= 0) item.price = Math.max(0, price);
    }
    if (isCreditNote(number)) continue;
    const quantity = Number(row.Quantity);
    if (!isProduct || quantity <= 0 || price <= 0) {
      skippedLines++;
      continue;
    }
    invoice.customerId ||= row.CustomerID || 'guest';
    invoice.quantities.set(code, (invoice.quantities.get(code) ?? 0) + quantity);
    invoice.lines++;
  }

  for (const [number, invoice] of invoices) {
    const problem = tooLarge(invoice.quantities, items);
    if (problem === undefined) continue;
    bad.push({ line: invoice.line, problem: `invoice ${number} ${problem}` });
    skippedLines += invoice.lines;
    invoice.lines = 0;
  }

  const sales = [...invoices].filter(([number]) => !isCreditNote(number));
  const orders = sales
    .filter(([, { lines }]) => lines > 0)
    .map(([invoice, { customerId, quantities, lines }]) => ({
      invoice,
      customerId,
      items: [...quantities].map(([productId, quantity]) => ({ productId, quantity })),
      lines,
    }));
  const ordered = new Map<string, number>();
  for (const { productId, quantity } of orders.flatMap((order) => order.items))
    ordered.set(productId, (ordered.get(productId) ?? 0) + quantity);
  return {
    digest: createHash('sha256').update(file.content).digest('hex').slice(0, 16),
    invoices: invoices.size,
    items: [...items]
      .filter(([, { price }]) => price > 0)
      .map(([productId, { name, price }]) => ({
        productId,
        name: name || productId,
        price,
        ordered: ordered.get(productId) ?? 0,
      })),
    orders,
    lines: orders.reduce((total, { lines }) => total + lines, 0),
    skipped: {
      creditNotes: invoices.size - sales.length,
      lines: skippedLines,
      invoices: sales.length - orders.length,
    },
    bad: bad.sort((a, b) => a.line - b.line),
  };
}

const isCreditNote = (invoice: string) => invoice.startsWith('C');

/** Why a row cannot even be counted; undefined when it can. */
function problemOf(row: Row): string | undefined {
  if (row.InvoiceNo === '') return 'InvoiceNo is empty';
  if (!INVOICE.test(row.InvoiceNo)) {
    return `InvoiceNo ${JSON.stringify(row.InvoiceNo)} is not 1 to 100 printable ASCII characters`;
  }
  if (row.StockCode === '') return 'StockCode is empty';
  if (/^[0-9]{5}/.test(row.StockCode) && !PRODUCT_ID.test(row.StockCode)) {
    return `StockCode ${JSON.stringify(row.StockCode)} is no product id`;
  }
  if (!/^-?[0-9]{1,9}$/.test(row.Quantity))
    return `Quantity ${JSON.stringify(row.Quantity)} is not a whole number`;
  if (Number(row.Quantity) > MOST_UNITS) return `Quantity ${row.Quantity} is more than ${MOST_UNITS}`;
  if (Number.isNaN(pence(row.UnitPrice))) return `UnitPrice ${JSON.stringify(row.UnitPrice)} is not a price`;
  if (row.CustomerID !== '' && !CUSTOMER_ID.test(row.CustomerID)) {
    return `CustomerID ${JSON.stringify(row.CustomerID)} is no customer id`;
  }
  if (/\p{Cc}/u.test(row.Description.trim())) {
    return `Description ${JSON.stringify(row.Description)} has a control character`;
  }
  return undefined;
}

/** Why no order can be placed for all that an invoice asks for; undefined when one can. */
function tooLarge(
  quantities: ReadonlyMap<string, number>,
  items: ReadonlyMap<string, Item>,
): string | undefined {
  if (quantities.size > MOST_PRODUCTS)
    return `has ${quantities.size} products: an order has at most ${MOST_PRODUCTS}`;
  let total = 0;
  for (const [code, quantity] of quantities) {
    if (quantity > MOST_UNITS)
      return `adds up to ${quantity} of ${code}: an order has at most ${MOST_UNITS} of a product`;
    total += quantity * (items.get(code)?.price ?? 0);
  }
  return total > Number.MAX_SAFE_INTEGER ? 'adds up to more money than can be counted' : undefined;
}
