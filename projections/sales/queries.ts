import type { Documents } from '../../read-store/read-store.ts';
import { findPage, type Page, type PageRequest } from '../page.ts';
import { isDay, type SalesBody, type SalesDay } from './document.ts';

/** Days of which the date (UTC, `YYYY-MM-DD`) is inclusive at both ends; the earliest first. */
export interface DayRange {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export async function findSales(
  documents: Documents<SalesBody>,
  { from, to }: DayRange,
  request: PageRequest,
): Promise<Page<SalesDay>> {
  const bounds = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  const walk = { index: 'byDay', equals: [], ...bounds };
  const { items, ...rest } = await findPage(documents, walk, request, (body) =>
    isDay(body) ? [body.date, body.revenue.currency] : [],
  );
  return { ...rest, items: items.map(({ body }) => body).filter(isDay) };
}
