import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';

/** An answer that is neither a success nor one that waiting could turn into one. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
  readonly status: number;

  constructor(request: string, status: number, body: unknown) {
    super(`${request} answered ${status}: ${JSON.stringify(body)}`);
    this.status = status;
  }
}

/** The shop stayed away for longer than we wait. */
export class ShopAway extends Error {
  override readonly name = 'ShopAway';
}

export interface Answer {
  readonly status: number;
  // Bodies are read by the caller, who knows what the API promises.
  readonly body: Record<string, unknown>;
}

/** The two HTTP APIs of a shop, seen with one token. Repeats what failed in passing: every command carries a key. */
export interface Shop {
  command(method: 'POST' | 'PATCH', path: string, body: unknown, key?: string): Promise<Answer>;
  query(path: string): Promise<Answer>;
  /** All pages of a list. */
  pages(path: string): AsyncIterable<Record<string, unknown>>;
  close(): Promise<void>;
}

const PASSING = new Set([429, 503, 504]);
const PATIENCE_MS = 60_000;
const LONGEST_PAUSE_MS = 1_000;

/** Connects to a command API and a query API. Throws `ShopAway` after a minute without an answer. */
export function connectShop(options: {
  readonly commandUrl: string;
  readonly queryUrl: string;
  readonly token: string;
  readonly connections: number;
}): Shop {
  const pool = (url: string) => new Pool(url, { connections: options.connections, headersTimeout: 30_000 });
  const commands = pool(options.commandUrl);
  const queries = pool(options.queryUrl);
  const authorization = `Bearer ${options.token}`;
  // The highest log position that a command of ours reached: what queries from then on must have seen.
  let reached = 0n;

  async function send(
    pool: Pool,
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    init: Init = {},
  ): Promise<Answer> {
    const startedAt = performance.now();
    for (let attempt = 0; ; attempt++) {
      const answer = await once(pool, method, path, init).catch((error: Error) => error);
      if (!(answer instanceof Error) && !PASSING.has(answer.status)) {
        if (answer.status < 500) return answer;
        throw new UnexpectedAnswer(`${method} ${path}`, answer.status, answer.body);
      }
      if (performance.now() - startedAt > PATIENCE_MS) {
        const last = answer instanceof Error ? answer.message : `status ${answer.status}`;
        throw new ShopAway(`${method} ${path} was not answered for ${PATIENCE_MS / 1_000} s; last: ${last}`);
      }
      await sleep(Math.min(LONGEST_PAUSE_MS, 25 * 2 ** attempt) * (0.5 + Math.random() / 2));
    }
  }

  async function once(
    pool: Pool,
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    init: Init,
  ): Promise<Answer> {
    const response = await pool.request({
      method,
      path,
      headers: { authorization, ...init.headers },
      ...(init.body !== undefined && { body: init.body }),
    });
    const position = response.headers['orderstream-position'];
    if (typeof position === 'string' && BigInt(position) > reached) reached = BigInt(position);
    const text = await response.body.text();
    return { status: response.statusCode, body: text === '' ? {} : JSON.parse(text) };
  }

  const query = (path: string) =>
    send(
      queries,
      'GET',
      path,
      reached > 0n ? { headers: { 'orderstream-min-position': String(reached) } } : {},
    );

  return {
    command: (method, path, body, key) =>
      send(commands, method, path, {
        headers: { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) },
        body: JSON.stringify(body),
      }),
    query,
    async *pages(path) {
      const separator = path.includes('?') ? '&' : '?';
      for (let cursor: unknown = ''; cursor !== null; ) {
        const suffix = cursor ? `&cursor=${encodeURIComponent(String(cursor))}` : '';
        const { status, body } = await query(`${path}${separator}limit=200${suffix}`);
        if (status !== 200) throw new UnexpectedAnswer(`GET ${path}`, status, body);
        yield* body.items as Record<string, unknown>[];
        cursor = body.next;
      }
    },
    close: async () => {
      await Promise.all([commands.close(), queries.close()]);
    },
  };
}

interface Init {
  readonly headers?: Record<string, string>;
  readonly body?: string;
}
