import { badReason, isCreditNote, isProductCode, skippedReason } from './check-row.ts';
import { pence } from './pence.ts';
import type { NamedRow, Row, SalesFile } from './rows.ts';

/** An item that the file needs in the shop; price in pence, above 0. */
export interface FileItem {
  readonly productId: string;
  readonly name: string;
  readonly price: number;
}

/** A line of an invoice that is sold. */
interface CountedLine {
  readonly line: number;
  readonly productId: string;
  readonly quantity: number;
}

export interface CountedInvoice {
  readonly invoice: string;
  readonly customerId: string;
  readonly lines: readonly CountedLine[];
}

/** The rows of a sales file. Each row appears once: as a line of an invoice, as skipped or as bad. */
export type CountedRows = ReturnType<typeof countRows>;

const MAX_NAME = 200;

/** Sorts the rows of a sales file into sold, skipped and bad. Names each row that is not sold. */
export function countRows({ rows, bad: unread }: SalesFile) {
  const bad = [...unread];
  const skipped: NamedRow[] = [];
  const invoices = new Map<string, { customerId?: string; lines: CountedLine[] }>();
  const items = new Map<string, { name: string; price: number }>();
  let creditNoteRows = 0;

  for (const row of rows) {
    const { line, InvoiceNo, StockCode: productId } = row;
    const invoice = invoices.get(InvoiceNo) ?? { lines: [] };
    if (InvoiceNo !== '') invoices.set(InvoiceNo, invoice);
    const badBecause = badReason(row);
    if (badBecause !== undefined) {
      bad.push({ line, reason: badBecause });
      continue;
    }
    if (isProductCode(productId)) describeItem(items, row);
    const skippedBecause = skippedReason(row);
    if (skippedBecause !== undefined) {
      skipped.push({ line, reason: skippedBecause });
      if (isCreditNote(InvoiceNo)) creditNoteRows++;
      continue;
    }
    const customerId = row.CustomerID || 'guest';
    invoice.customerId ??= customerId;
    if (invoice.customerId !== customerId) {
      bad.push({
        line,
        reason: `CustomerID "${row.CustomerID}" is not that of invoice ${InvoiceNo}, "${invoice.customerId}"`,
      });
      continue;
    }
    invoice.lines.push({ line, productId, quantity: Number(row.Quantity) });
  }

  return {
    /** Number of invoices in the file, including credit notes and invoices without a sold line. */
    invoices: invoices.size,
    creditNotes: [...invoices.keys()].filter(isCreditNote).length,
    /** Skipped rows that belong to credit notes. */
    creditNoteRows,
    /** Invoices with at least one sold line, in the order of their first rows. */
    sales: [...invoices]
      .filter(([, { lines }]) => lines.length > 0)
      .map(([invoice, { customerId = 'guest', lines }]): CountedInvoice => ({ invoice, customerId, lines })),
    items: [...items]
      .filter(([, { price }]) => price > 0)
      .map(([productId, { name, price }]): FileItem => ({ productId, name: name || productId, price })),
    skipped,
    bad,
  };
}

/** Name and price each come from the first row of the code that has one, also from skipped rows. */
function describeItem(items: Map<string, { name: string; price: number }>, row: Row): void {
  const item = items.get(row.StockCode) ?? { name: '', price: 0 };
  items.set(row.StockCode, item);
  item.name ||= [...row.Description.trim()].slice(0, MAX_NAME).join('');
  if (item.price <= 0) item.price = Math.max(0, pence(row.UnitPrice) ?? 0);
}
