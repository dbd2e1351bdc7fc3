import { describeItem, describeItems } from './describe.ts';
import { type OperatorApi, operatorApi, type ParkedItem } from './operator-api.ts';

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

export interface ParkedOptions {
  readonly commandUrl: string;
  readonly token: string;
  /** Print the responses as JSON instead of words. */
  readonly json: boolean;
}

/** Does what an operator asks about parked items; returns what to print. Throws `ParkedRequestFailed`. */
export async function parked(action: ParkedAction, options: ParkedOptions): Promise<string> {
  const api = operatorApi(options.commandUrl, options.token);
  const say = (response: unknown, words: () => string): string =>
    options.json ? JSON.stringify(response) : words();
  switch (action.do) {
    case 'list': {
      const items = await listAll(api, action.filter);
      return say(items, () => describeItems(items));
    }
    case 'show': {
      const item = (await api.get(pathOf(action.id))) as unknown as ParkedItem;
      return say(item, () => describeItem(item));
    }
    case 'replay': {
      const { ids, filter, perSecond } = action;
      const [id] = ids;
      if (id !== undefined && ids.length === 1) {
        const response = await api.post(`${pathOf(id)}/replay`);
        return say(response, () => `${id} is replayed; it leaves the list once it is done`);
      }
      const items = ids.length > 0 ? { ids } : fieldsOf(filter);
      const response = await api.post('/replay', { ...items, perSecond });
      const { requested, replayId } = response;
      return say(response, () =>
        requested === 0
          ? '0 parked items match'
          : `${requested} are replayed; each leaves the list once it is done\nto stop: orderstream parked cancel ${replayId}`,
      );
    }
    case 'cancel': {
      const response = await api.delete(`/replays/${encodeURIComponent(action.replayId)}`);
      return say(response, () => `the replay ${action.replayId} is ${response.status}`);
    }
    case 'discard': {
      const response = await api.post(`${pathOf(action.id)}/discard`, { reason: action.reason });
      return say(response, () => `${action.id} is discarded`);
    }
  }
}

const pathOf = (id: string): string => `/${encodeURIComponent(id)}`;

const fieldsOf = ({ reason, kind, order }: ParkedFilter) => ({
  ...(reason !== undefined && { reason }),
  ...(kind !== undefined && { kind }),
  ...(order !== undefined && { orderId: order }),
});

async function listAll(api: OperatorApi, filter: ParkedFilter): Promise<readonly ParkedItem[]> {
  const found: ParkedItem[] = [];
  const query = new URLSearchParams({ limit: '200', ...fieldsOf(filter) });
  for (let more = true; more; ) {
    const { items, next } = await api.get(`?${query}`);
    found.push(...(items as ParkedItem[]));
    more = typeof next === 'string';
    if (more) query.set('cursor', String(next));
  }
  return found;
}
