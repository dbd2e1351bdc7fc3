import { pence } from './pence.ts';
import type { Row } from './rows.ts';

export const MAX_UNITS = 1_000_000;
const PRODUCT_ID = /^[0-9]{5}([A-Za-z0-9._ -]{0,58}[A-Za-z0-9._-])?$/;
/** Visible ASCII characters that the command API does not accept in a `customerId`. */
const CUSTOMER_ID = /^(?!\$)(?!\.+$)[!-~]{1,128}$/;
const NOT_IN_A_CUSTOMER_ID = /[/\\?#%"<>]/;
const INVOICE = /^[\x20-\x7e]{1,100}$/;

/** Codes that do not start with five digits stand for postage, fees and other services. */
export const isProductCode = (code: string): boolean => /^[0-9]{5}/.test(code);
export const isCreditNote = (invoice: string): boolean => invoice.startsWith('C');

/** Returns why a row is bad: it has a value that the shop cannot store. Undefined for a good row. */
export function badReason(row: Row): string | undefined {
  const { InvoiceNo, StockCode, Description, Quantity, UnitPrice, CustomerID } = row;
  const shown = JSON.stringify;
  if (InvoiceNo === '') return 'InvoiceNo is empty';
  if (!INVOICE.test(InvoiceNo))
    return `InvoiceNo ${shown(InvoiceNo)} is not 1 to 100 printable ASCII characters`;
  if (StockCode === '') return 'StockCode is empty';
  if (isProductCode(StockCode) && !PRODUCT_ID.test(StockCode))
    return `StockCode ${shown(StockCode)} is not a product id`;
  if (!/^-?[0-9]{1,9}$/.test(Quantity)) return `Quantity ${shown(Quantity)} is not a whole number`;
  if (Number(Quantity) > MAX_UNITS) return `Quantity ${Quantity} is more than ${MAX_UNITS}`;
  if (!/^-?[0-9]{1,12}(\.[0-9]{1,6})?$/.test(UnitPrice))
    return `UnitPrice ${shown(UnitPrice)} is not a price`;
  if (pence(UnitPrice) === undefined) return `UnitPrice ${UnitPrice} is not a whole number of pence`;
  if (CustomerID !== '' && (!CUSTOMER_ID.test(CustomerID) || NOT_IN_A_CUSTOMER_ID.test(CustomerID)))
    return `CustomerID ${shown(CustomerID)} is not a customer id`;
  if (/\p{Cc}/u.test(Description.trim())) return `Description ${shown(Description)} has a control character`;
  return undefined;
}

/** Returns why a good row is skipped; undefined when it is sold. */
export function skippedReason({ InvoiceNo, StockCode, Quantity, UnitPrice }: Row): string | undefined {
  if (isCreditNote(InvoiceNo)) return `invoice ${InvoiceNo} is a credit note`;
  if (!isProductCode(StockCode))
    return `StockCode ${JSON.stringify(StockCode)} does not start with five digits`;
  if (Number(Quantity) <= 0) return `Quantity ${Quantity} is not above 0`;
  if (!(Number(UnitPrice) > 0)) return `UnitPrice ${UnitPrice} is not above 0`;
  return undefined;
}
