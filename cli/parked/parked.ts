import { describeStep, describeSteps } from './describe.ts';
import { type OperatorApi, operatorApi, type ParkedStep } from './operator-api.ts';

export type ParkedAction =
  | { readonly do: 'list' }
  | { readonly do: 'show'; readonly id: string }
  | { readonly do: 'replay'; readonly id: string }
  | { readonly do: 'replay-all' }
  | { readonly do: 'discard'; readonly id: string; readonly reason: string };

export interface ParkedOptions {
  readonly commandUrl: string;
  readonly token: string;
  /** Prints what the API answers as JSON, instead of words. */
  readonly json: boolean;
}

/** Does what an operator asks about parked steps; answers what to print. Throws `ParkedRequestFailed`. */
export async function parked(action: ParkedAction, options: ParkedOptions): Promise<string> {
  const api = operatorApi(options.commandUrl, options.token);
  const say = (answer: unknown, words: () => string): string =>
    options.json ? JSON.stringify(answer) : words();
  switch (action.do) {
    case 'list': {
      const steps = await listOf(api);
      return say(steps, () => describeSteps(steps));
    }
    case 'show': {
      const step = (await api.get(pathOf(action.id))) as unknown as ParkedStep;
      return say(step, () => describeStep(step));
    }
    case 'replay': {
      const answer = await api.post(`${pathOf(action.id)}/replay`);
      return say(answer, () => `${action.id} is taken again; it leaves the list once it is done`);
    }
    case 'replay-all': {
      const answer = await api.post('/replay');
      return say(answer, () => `${answer.requested} are taken again; each leaves the list once it is done`);
    }
    case 'discard': {
      const answer = await api.post(`${pathOf(action.id)}/discard`, { reason: action.reason });
      return say(answer, () => `${action.id} is thrown away`);
    }
  }
}

const pathOf = (id: string): string => `/${encodeURIComponent(id)}`;

async function listOf(api: OperatorApi): Promise<readonly ParkedStep[]> {
  const steps: ParkedStep[] = [];
  for (let cursor: unknown = ''; cursor !== null; ) {
    const after = cursor === '' ? '' : `&cursor=${encodeURIComponent(String(cursor))}`;
    const { items, next } = await api.get(`?limit=200${after}`);
    steps.push(...(items as ParkedStep[]));
    cursor = next ?? null;
  }
  return steps;
}
