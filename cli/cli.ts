import { stringify } from 'lossless-json';
import { type Answer, type ApiRequest, targetOf } from './http/answer.ts';
import { failureOf } from './http/problems.ts';
import { headersOf } from './http/send-once.ts';
import { isLoopback, serverAddress } from './http/server-address.ts';
import { ServerClient, type TokenSource } from './http/server-client.ts';
import { Credentials } from './log-in/credentials.ts';
import { LastWrites } from './log-in/last-write.ts';
import { givenToken, storedLogIn } from './log-in/tokens.ts';
import { type Column, table } from './output/table.ts';
import { visibleJson } from './output/visible.ts';

/** Options of every command that uses a server. */
export interface ServerOptions {
  readonly server?: string;
  readonly token?: string;
  readonly json?: boolean;
}

/** Options of a command that changes something. */
export interface ChangeOptions extends ServerOptions {
  readonly dryRun?: boolean;
  readonly idempotencyKey?: string;
}

/** Options of a command that lists something. */
export interface ListOptions extends ServerOptions {
  readonly limit?: number;
  readonly cursor?: string;
  readonly all?: boolean;
}

interface CliParts {
  readonly options: ServerOptions;
  readonly client: ServerClient;
  readonly lastWrites: LastWrites;
}

type Query = ApiRequest['query'];

interface OpenOptions {
  /** Asked for a token when there is no log-in, for a server of this machine only: no other one may see such a token. */
  readonly fallback?: TokenSource | undefined;
  /** How long temporary failures are retried, in milliseconds. */
  readonly maxWaitMs?: number;
}

/** Opens what a command needs. Throws `CommandFailed` for a bad address of the server. */
export function openCli(options: ServerOptions, { fallback, ...client }: OpenOptions = {}): Cli {
  const server = serverAddress(options.server);
  const tokens = options.token
    ? givenToken(options.token)
    : withFallback(storedLogIn(server, new Credentials()), isLoopback(server) ? fallback : undefined);
  return new Cli({
    options,
    client: new ServerClient({ server, tokens, print: note, ...client }),
    lastWrites: new LastWrites(),
  });
}

/** Prints a message for the user; data goes to standard output. */
export const note = (text: string): void => void process.stderr.write(`${text}\n`);

function withFallback(first: TokenSource, fallback: TokenSource | undefined): TokenSource {
  if (fallback === undefined) return first;
  return {
    token: () => first.token().catch((error: unknown) => fallback.token().catch(() => Promise.reject(error))),
    renew: (rejected) => first.renew(rejected),
  };
}

/** One run of a command: it sends requests, and prints their responses as JSON or in words. */
export class Cli {
  readonly client: ServerClient;
  readonly isJson: boolean;
  readonly #lastWrites: LastWrites;

  constructor({ options, client, lastWrites }: CliParts) {
    this.client = client;
    this.isJson = options.json === true;
    this.#lastWrites = lastWrites;
  }

  /** Prints data: the response as it came with `--json`, else words. */
  print(answer: Pick<Answer, 'text' | 'body'>, describe: (body: never) => string): void {
    this.printText(this.isJson ? visibleJson(answer.text) : describe(answer.body as never));
  }

  printText(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  /**
   * Reads from the query API, once the read models have the last write of this user here. Throws `CommandFailed` for every
   * response that is no success.
   */
  async get(path: string, query: Query = {}): Promise<Answer> {
    const request = { method: 'GET', path, query } as const;
    const position = await this.#lastWrites.read(this.client.server);
    if (position !== undefined) {
      const headers = { 'Orderstream-Min-Position': position };
      const answer = await this.client.answerTo({ ...request, headers });
      if (answer.status !== 504) return this.#checked(request, answer);
      note('The read models are behind: the last changes may be missing.');
    }
    return this.#checked(request, await this.client.answerTo(request));
  }

  #checked(request: ApiRequest, answer: Answer): Answer {
    if (answer.isBehind) note('The read models are behind: the last changes may be missing.');
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw failureOf(`${request.method} ${request.path}`, answer);
  }

  /** Prints one document. */
  async show(path: string, describe: (body: never) => string): Promise<void> {
    this.print(await this.get(path), describe);
  }

  /** Prints a page of a list as a table, or all pages. */
  async list<Row>(
    path: string,
    query: Query,
    { limit, cursor, all }: ListOptions,
    columns: readonly Column<Row>[],
    nothing: string,
  ): Promise<void> {
    const page = { ...query, limit: all ? 200 : limit, cursor };
    const first = await this.get(path, page);
    const { items, next } = first.body as Page<Row>;
    const more = all && next !== null ? await this.#rest<Row>(path, page, next) : [];
    const rows = [...items, ...more];
    if (this.isJson && all) this.printText(visibleJson(stringify({ items: rows, next: null }) ?? ''));
    else if (this.isJson) this.print(first, () => '');
    else if (rows.length > 0) this.printText(table(columns, rows));
    else note(nothing);
    if (next !== null && !all) note(`There are more: --all lists them, --cursor ${next} the next page.`);
  }

  async #rest<Row>(path: string, page: Query, from: string): Promise<Row[]> {
    const found: Row[] = [];
    for (let cursor: string | null = from; cursor !== null; ) {
      const { items, next }: Page<Row> = (await this.get(path, { ...page, cursor })).body as Page<Row>;
      found.push(...items);
      cursor = next;
    }
    return found;
  }

  /**
   * Sends a command, and prints its response; with `--dry-run`, prints the request instead. Throws `CommandFailed` for every
   * response that is no success.
   */
  async send(
    request: ApiRequest,
    options: ChangeOptions,
    describe: (body: never) => string,
  ): Promise<Answer | undefined> {
    const { idempotencyKey = crypto.randomUUID() } = options;
    const keyed = { idempotencyKey, ...request };
    if (options.dryRun === true) {
      this.printText(this.describeRequest(keyed));
      note('Dry run: nothing was sent.');
      return undefined;
    }
    const answer = await this.change(keyed);
    if (answer.text === '' && this.isJson) return answer;
    this.print(answer, describe);
    return answer;
  }

  /** Sends a command. Later reads, also of other processes, wait until the read models have it. Throws `CommandFailed`. */
  async change(request: ApiRequest): Promise<Answer> {
    const answer = await this.client.request(request);
    if (answer.position !== undefined) await this.#lastWrites.remember(this.client.server, answer.position);
    return answer;
  }

  /** Returns what would be sent, without the token. */
  describeRequest(request: ApiRequest): string {
    const url = `${this.client.server}${targetOf(request)}`;
    const headers = headersOf(request);
    const { method, body } = request;
    if (this.isJson) return visibleJson(JSON.stringify({ method, url, headers, body }));
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    return visibleJson(
      [`${method} ${url}`, ...lines, ...(body === undefined ? [] : ['', JSON.stringify(body)])].join('\n'),
    );
  }
}

interface Page<Row> {
  readonly items: readonly Row[];
  readonly next: string | null;
}
