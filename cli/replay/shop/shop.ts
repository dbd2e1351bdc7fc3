import { ApiClient, type ApiResponse, type Method } from '../../api-client.ts';
import { describeProblem, ShopUnavailable, UnexpectedResponse } from '../../errors.ts';
import { type RetryPolicy, TemporaryFailure } from '../../http/retry-policy.ts';

const TEMPORARY = new Set([429, 503, 504]);
const NOT_REACHABLE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'EADDRNOTAVAIL']);

export interface ShopOptions {
  readonly commandUrl: string;
  readonly queryUrl: string;
  readonly token: string;
  readonly connections: number;
  readonly retryPolicy: RetryPolicy;
}

/**
 * The command API and the query API of a shop. Retries temporary failures, since every command is idempotent. A request throws
 * `ShopUnavailable` after the maximum wait.
 */
export class Shop {
  readonly #commands: ApiClient;
  readonly #queries: ApiClient;
  readonly #retryPolicy: RetryPolicy;
  /** Highest log position of our commands; queries wait until the read model has passed it. */
  #reached = 0n;

  constructor({ commandUrl, queryUrl, token, connections, retryPolicy }: ShopOptions) {
    this.#commands = new ApiClient('command API', commandUrl, token, connections);
    this.#queries = new ApiClient('query API', queryUrl, token, connections);
    this.#retryPolicy = retryPolicy;
  }

  /** Checks that both APIs answer. Throws `ShopUnavailable` at once when no server listens. */
  async reach(): Promise<void> {
    for (const [api, setting] of [
      [this.#commands, 'COMMAND_PORT'],
      [this.#queries, 'QUERY_PORT'],
    ] as const)
      await api.request('GET', '/health/live').catch((error: NodeJS.ErrnoException) => {
        if (NOT_REACHABLE.has(error.code ?? ''))
          throw new ShopUnavailable(`${api.name} does not answer: start it, or correct HOST and ${setting}`);
      });
  }

  /** Sends a command. `key` is its idempotency key; `requestId` is stored in the metadata of its events. */
  command(
    method: 'POST' | 'PATCH',
    path: string,
    body: unknown,
    { key, requestId }: { readonly key?: string; readonly requestId?: string } = {},
  ): Promise<ApiResponse> {
    return this.#send(this.#commands, method, path, body, {
      ...(key && { 'idempotency-key': key }),
      ...(requestId && { 'x-request-id': requestId }),
    });
  }

  query(path: string): Promise<ApiResponse> {
    const headers = this.#reached > 0n && { 'orderstream-min-position': String(this.#reached) };
    return this.#send(this.#queries, 'GET', path, undefined, { ...headers });
  }

  /** Returns the entries of all pages of a list. */
  async *pages(path: string): AsyncGenerator<Record<string, unknown>> {
    const query = new URLSearchParams({ limit: '200' });
    for (let more = true; more; ) {
      const response = await this.query(`${path}?${query}`);
      if (response.status !== 200) throw new UnexpectedResponse(`GET ${path}`, response);
      yield* response.body.items as Record<string, unknown>[];
      more = response.body.next !== null;
      query.set('cursor', String(response.body.next));
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#commands.close(), this.#queries.close()]);
  }

  #send(api: ApiClient, method: Method, path: string, body: unknown, headers: object): Promise<ApiResponse> {
    return this.#retryPolicy.retry(async () => {
      const response = await api.request(method, path, body, headers).catch((error: Error) => error);
      if (response instanceof Error)
        return new TemporaryFailure(`${api.name} does not answer: ${response.message}`);
      if (TEMPORARY.has(response.status))
        return new TemporaryFailure(
          `${api.name} answers ${response.status}: ${describeProblem(response.body)}`,
        );
      if (response.status >= 500) throw new UnexpectedResponse(`${method} ${path}`, response);
      if (response.position > this.#reached) this.#reached = response.position;
      return response;
    });
  }
}
