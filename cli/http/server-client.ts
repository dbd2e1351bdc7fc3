import { CommandFailed, exitCodes, ShopUnavailable } from '../errors.ts';
import type { Answer, ApiRequest } from './answer.ts';
import { failureOf } from './problems.ts';
import { createRetryPolicy, TemporaryFailure } from './retry-policy.ts';
import { bodyOf, NoAnswer, noAnswer, sendOnce } from './send-once.ts';

/** Who the client is for the server. */
export interface TokenSource {
  /** Returns a token. Throws `CommandFailed` when there is none. */
  token(): Promise<string>;
  /** Returns another token after the server has rejected this one; undefined when there is none. */
  renew(rejected: string): Promise<string | undefined>;
}

export interface ServerClientOptions {
  readonly server: string;
  readonly tokens: TokenSource;
  /** Prints a message while the client waits for the server. */
  readonly print: (text: string) => void;
  /** How long temporary failures are retried, in milliseconds. */
  readonly maxWaitMs?: number;
}

const MAX_WAIT_MS = 10_000;
/** The server is overloaded, a store is unavailable, or the caller sends too much: nothing was done. */
const TEMPORARY = [429, 503];

/** A client of the gateway. It renews its token, and sends a request again when that is safe. */
export class ServerClient {
  readonly server: string;
  readonly #options: ServerClientOptions;

  constructor(options: ServerClientOptions) {
    this.server = options.server;
    this.#options = options;
  }

  /** Sends a request. Returns a successful response. Throws `CommandFailed` for all others, and without a response. */
  async request(request: ApiRequest): Promise<Answer> {
    const answer = await this.answerTo(request);
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw failureOf(`${request.method} ${request.path}`, answer);
  }

  /** As `request`, but returns a response of any status that a retry would not change. */
  async answerTo(request: ApiRequest): Promise<Answer> {
    const { tokens } = this.#options;
    const token = request.isPublic ? undefined : await tokens.token();
    const answer = await this.#sendWithRetries(request, token);
    if (answer.status !== 401 || token === undefined) return answer;
    const renewed = await tokens.renew(token);
    return renewed === undefined ? answer : this.#sendWithRetries(request, renewed);
  }

  /** Returns a token that the server probably accepts. Throws `CommandFailed` when there is none. */
  token(): Promise<string> {
    return this.#options.tokens.token();
  }

  /** Opens a live stream. Returns its bytes. Throws `CommandFailed`. */
  async stream(path: string, headers: Record<string, string>, signal?: AbortSignal): Promise<ReadableStream> {
    const { tokens } = this.#options;
    const token = await tokens.token();
    let opened = await this.#open(path, headers, token, signal);
    if (opened.status === 401) {
      const renewed = await tokens.renew(token);
      if (renewed !== undefined) opened = await this.#open(path, headers, renewed, signal);
    }
    if (opened.ok && opened.body !== null) return opened.body;
    const text = await opened.text();
    throw failureOf(`GET ${path}`, { status: opened.status, body: bodyOf(text) });
  }

  async #open(path: string, headers: Record<string, string>, token: string, signal?: AbortSignal) {
    const request = { method: 'GET', path } as const;
    try {
      return await fetch(`${this.server}${path}`, {
        headers: { Authorization: `Bearer ${token}`, Accept: 'text/event-stream', ...headers },
        redirect: 'manual',
        ...(signal && { signal }),
      });
    } catch (error) {
      throw unavailable(noAnswer(this.server, error).message, request, false);
    }
  }

  async #sendWithRetries(request: ApiRequest, token: string | undefined): Promise<Answer> {
    const isSafe = request.method === 'GET' || request.idempotencyKey !== undefined;
    const { retry } = createRetryPolicy({
      print: this.#options.print,
      maxWaitMs: this.#options.maxWaitMs ?? MAX_WAIT_MS,
    });
    let last: Answer | undefined;
    let isUnknown = false;
    const attempt = async () => {
      try {
        last = await sendOnce(this.server, request, token);
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        last = undefined;
        isUnknown ||= error.isUnknown;
        // A server that is not there at the first attempt will hardly come up by itself.
        if (!isSafe || !isUnknown) throw error;
        return new TemporaryFailure(error.message);
      }
      return isSafe && TEMPORARY.includes(last.status)
        ? new TemporaryFailure(`${this.server} answers ${last.status}`)
        : last;
    };
    try {
      return await retry(attempt);
    } catch (error) {
      if (error instanceof ShopUnavailable && last !== undefined) return last;
      if (error instanceof ShopUnavailable || error instanceof NoAnswer)
        throw unavailable(error.message, request, isUnknown);
      throw error;
    }
  }
}

function unavailable(
  reason: string,
  { method, idempotencyKey }: ApiRequest,
  isUnknown: boolean,
): CommandFailed {
  const advice =
    method === 'GET' || !isUnknown
      ? 'Is Orderstream running there ("npm start")? --server or ORDERSTREAM_URL name another address.'
      : `The request may have been carried out. ${
          idempotencyKey === undefined
            ? 'Check before you repeat it.'
            : `To repeat it without doing anything twice, add: --idempotency-key ${idempotencyKey}`
        }`;
  return new CommandFailed(exitCodes.unavailable, `${reason}\n${advice}`);
}
