import { Pool } from 'undici';
import { type RetryPolicy, ShopUnavailable, TemporaryFailure } from './retry-policy.ts';

/** A response that a retry would not change. */
export class UnexpectedResponse extends Error {
  override readonly name = 'UnexpectedResponse';
  readonly status: number;

  constructor(request: string, { status, body }: Answer) {
    super(`${request} answered ${status}: ${sentenceOf(body)}`);
    this.status = status;
  }
}

export interface Answer {
  readonly status: number;
  // The caller parses the body: it knows the schema of the route.
  readonly body: Record<string, unknown>;
}

export interface CommandOptions {
  readonly key?: string;
  readonly requestId?: string;
}

/** The two HTTP APIs of a shop, called with one token. Retries temporary failures: every command is idempotent. */
export interface Shop {
  /** Checks that both APIs answer. Throws `ShopUnavailable` at once when no server listens. */
  reach(): Promise<void>;
  command(method: 'POST' | 'PATCH', path: string, body: unknown, options?: CommandOptions): Promise<Answer>;
  query(path: string): Promise<Answer>;
  /** All pages of a list. */
  pages(path: string): AsyncIterable<Record<string, unknown>>;
  close(): Promise<void>;
}

const TEMPORARY = new Set([429, 503, 504]);
const NOT_REACHABLE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'EADDRNOTAVAIL']);

interface Api {
  readonly name: string;
  readonly url: string;
  readonly pool: Pool;
}
type Method = 'GET' | 'POST' | 'PATCH';
interface Init {
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** Connects to a command API and a query API. A request throws `ShopUnavailable` after the maximum wait. */
export function connectShop(options: {
  readonly commandUrl: string;
  readonly queryUrl: string;
  readonly token: string;
  readonly connections: number;
  readonly retryPolicy: RetryPolicy;
}): Shop {
  const api = (name: string, url: string): Api => ({
    name,
    url,
    pool: new Pool(url, { connections: options.connections, headersTimeout: 30_000 }),
  });
  const commands = api('command API', options.commandUrl);
  const queries = api('query API', options.queryUrl);
  const authorization = `Bearer ${options.token}`;
  // Highest log position of our commands; queries wait until the read model has passed it.
  let reached = 0n;

  async function once({ pool }: Api, method: Method, path: string, init: Init): Promise<Answer> {
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

  const send = (to: Api, method: Method, path: string, init: Init = {}): Promise<Answer> =>
    options.retryPolicy.retry(async () => {
      const at = `the ${to.name} at ${to.url}`;
      const answer = await once(to, method, path, init).catch((error: Error) => error);
      if (answer instanceof Error) return new TemporaryFailure(`${at} does not answer: ${answer.message}`);
      if (TEMPORARY.has(answer.status))
        return new TemporaryFailure(`${at} answers ${answer.status}: ${sentenceOf(answer.body)}`);
      if (answer.status >= 500) throw new UnexpectedResponse(`${method} ${path}`, answer);
      return answer;
    });

  const query = (path: string) =>
    send(
      queries,
      'GET',
      path,
      reached > 0n ? { headers: { 'orderstream-min-position': String(reached) } } : {},
    );

  return {
    reach: async () => {
      for (const to of [commands, queries]) {
        await once(to, 'GET', '/health/live', {}).catch((error: NodeJS.ErrnoException) => {
          if (!NOT_REACHABLE.has(error.code ?? '')) return;
          throw new ShopUnavailable(
            `nothing listens at ${to.url}, the address of the ${to.name}: start it, or correct ` +
              `HOST and ${to === commands ? 'COMMAND_PORT' : 'QUERY_PORT'}`,
          );
        });
      }
    },
    command: (method, path, body, { key, requestId } = {}) =>
      send(commands, method, path, {
        headers: {
          'content-type': 'application/json',
          ...(key && { 'idempotency-key': key }),
          ...(requestId && { 'x-request-id': requestId }),
        },
        body: JSON.stringify(body),
      }),
    query,
    async *pages(path) {
      const separator = path.includes('?') ? '&' : '?';
      for (let cursor: unknown = ''; cursor !== null; ) {
        const suffix = cursor ? `&cursor=${encodeURIComponent(String(cursor))}` : '';
        const answer = await query(`${path}${separator}limit=200${suffix}`);
        if (answer.status !== 200) throw new UnexpectedResponse(`GET ${path}`, answer);
        yield* answer.body.items as Record<string, unknown>[];
        cursor = answer.body.next;
      }
    },
    close: async () => {
      await Promise.all([commands.pool.close(), queries.pool.close()]);
    },
  };
}

/** Returns the text of a problem document: its detail, and the invalid fields. */
export function sentenceOf(body: Record<string, unknown>): string {
  const { detail, title, errors } = body as {
    readonly detail?: string;
    readonly title?: string;
    readonly errors?: readonly { readonly path: string; readonly message: string }[];
  };
  const fields = (errors ?? []).map(({ path, message }) => `${path}: ${message}`).join('; ');
  return [detail ?? title, fields].filter(Boolean).join(' – ') || JSON.stringify(body);
}
