import { Pool } from 'undici';

export interface ApiResponse {
  readonly status: number;
  // The caller parses the body: it knows the schema of the route.
  readonly body: Record<string, unknown>;
  /** Log position that a command reached. */
  readonly position: bigint;
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** A client of one HTTP API, which sends the same token with every request. */
export class ApiClient {
  /** Name and address for messages: `the command API at http://127.0.0.1:3001`. */
  readonly name: string;
  readonly #pool: Pool;
  readonly #token: string;

  constructor(name: string, url: string, token: string, connections = 1) {
    this.name = `the ${name} at ${url}`;
    this.#token = token;
    this.#pool = new Pool(url, { connections, headersTimeout: 30_000 });
  }

  /** Sends a request; a `body` as JSON. Rejects when nothing answers. */
  async request(method: Method, path: string, body?: unknown, headers = {}): Promise<ApiResponse> {
    const response = await this.#pool.request({
      method,
      path,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.body.text();
    const position = BigInt(String(response.headers['orderstream-position'] ?? 0));
    return { status: response.statusCode, body: text === '' ? {} : JSON.parse(text), position };
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}
