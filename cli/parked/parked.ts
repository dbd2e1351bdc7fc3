import type { ApiClient, ApiResponse, Method } from '../api-client.ts';
import { ShopUnavailable, UnexpectedResponse } from '../errors.ts';
import { describeItem, describeItems, type ParkedItem } from './describe.ts';

/** Selects parked items; an absent field matches all. */
export interface ParkedFilter {
  readonly reason?: string;
  readonly kind?: string;
  /** The id of an order. */
  readonly order?: string;
}
export type ParkedAction =
  | { readonly do: 'list'; readonly filter: ParkedFilter }
  | { readonly do: 'show'; readonly id: string }
  | {
      readonly do: 'replay';
      /** When empty, the filter selects the items; an empty filter selects all. */
      readonly ids: readonly string[];
      readonly filter: ParkedFilter;
      readonly perSecond: number | undefined;
    }
  | { readonly do: 'cancel'; readonly replayId: string }
  | { readonly do: 'discard'; readonly id: string; readonly reason: string };

/**
 * Does what an operator asks about parked items through the command API. Returns what to print: the response as JSON, or a
 * text. Throws `ShopUnavailable` and `UnexpectedResponse`.
 */
export async function parked(action: ParkedAction, api: ApiClient, json: boolean): Promise<string> {
  const send = async (method: Method, path: string, body?: unknown) => {
    const response = await api.request(method, `/api/v1/parked${path}`, body).catch((error: Error) => {
      throw new ShopUnavailable(`${api.name} does not answer: ${error.message}`);
    });
    if (response.status !== 200) throw new UnexpectedResponse(`${method} /api/v1/parked${path}`, response);
    return response.body;
  };
  const print = (response: unknown, words: string): string => (json ? JSON.stringify(response) : words);
  switch (action.do) {
    case 'list': {
      const items = await listAll((query) => send('GET', `?${query}`), action.filter);
      return print(items, describeItems(items));
    }
    case 'show': {
      const item = (await send('GET', pathOf(action.id))) as unknown as ParkedItem;
      return print(item, describeItem(item));
    }
    case 'replay': {
      const { ids, filter, perSecond } = action;
      const [id] = ids;
      if (id !== undefined && ids.length === 1) {
        const response = await send('POST', `${pathOf(id)}/replay`);
        return print(response, `${id} is replayed; it leaves the list once it is done`);
      }
      const items = ids.length > 0 ? { ids } : fieldsOf(filter);
      const response = await send('POST', '/replay', { ...items, perSecond });
      const { requested, replayId } = response;
      const words =
        requested === 0
          ? '0 parked items match'
          : `${requested} are replayed; each leaves the list once it is done\nto stop: orderstream parked cancel ${replayId}`;
      return print(response, words);
    }
    case 'cancel': {
      const response = await send('DELETE', `/replays${pathOf(action.replayId)}`);
      return print(response, `the replay ${action.replayId} is ${response.status}`);
    }
    case 'discard': {
      const response = await send('POST', `${pathOf(action.id)}/discard`, { reason: action.reason });
      return print(response, `${action.id} is discarded`);
    }
  }
}

const pathOf = (id: string): string => `/${encodeURIComponent(id)}`;

const fieldsOf = ({ reason, kind, order }: ParkedFilter) => ({
  ...(reason !== undefined && { reason }),
  ...(kind !== undefined && { kind }),
  ...(order !== undefined && { orderId: order }),
});

async function listAll(
  list: (query: URLSearchParams) => Promise<ApiResponse['body']>,
  filter: ParkedFilter,
): Promise<readonly ParkedItem[]> {
  const found: ParkedItem[] = [];
  const query = new URLSearchParams({ limit: '200', ...fieldsOf(filter) });
  for (let more = true; more; ) {
    const { items, next } = await list(query);
    found.push(...(items as ParkedItem[]));
    more = typeof next === 'string';
    query.set('cursor', String(next));
  }
  return found;
}
