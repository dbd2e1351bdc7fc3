import { request } from 'node:http';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Registry } from 'prom-client';
import { type Listening, listen } from '../../platform/http/server/listen.ts';
import { sendRaw } from '../../platform/http/testing/send-raw.ts';
import { secretKey } from '../../platform/http/tokens/secret-key.ts';
import { signToken } from '../../platform/http/tokens/tokens.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../create-gateway.ts';
import { FakeApi } from './fake-api.ts';

export const secret = secretKey('a secret of at least thirty-two bytes');
export const PUBLIC_URL = 'http://127.0.0.1:8080';

/** Returns the header of a machine's token. */
export const bearer = (sub: string) => ({
  authorization: `Bearer ${signToken(secret, { sub, role: 'customer' })}`,
});

export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: any JSON, for a test to inspect
  readonly body: any;
}

interface Call {
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

/** A gateway before two servers that stand for the APIs. */
export class TestGateway {
  readonly command: FakeApi;
  readonly query: FakeApi;
  readonly errors: unknown[] = [];
  readonly #gateway: Gateway;
  readonly #stopping = new AbortController();
  readonly #sockets: Socket[] = [];
  #listening: Listening | undefined;

  private constructor(command: FakeApi, query: FakeApi, options: Partial<GatewayOptions>) {
    this.command = command;
    this.query = query;
    this.#gateway = createGateway({
      commandUrl: command.url,
      queryUrl: query.url,
      publicUrl: PUBLIC_URL,
      secret,
      metrics: new Registry(),
      logger: { error: (message, details) => this.errors.push([message, details]) },
      stopping: this.#stopping.signal,
      ...options,
    });
  }

  static async start(
    options: Partial<GatewayOptions> = {},
    serving: Partial<Parameters<typeof listen>[1]> = {},
  ): Promise<TestGateway> {
    const [command, query] = await Promise.all([FakeApi.start(), FakeApi.start()]);
    const kit = new TestGateway(command, query, options);
    kit.#listening = await listen(kit.#gateway.listener, { host: '127.0.0.1', port: 0, ...serving });
    return kit;
  }

  get port(): number {
    return this.#listening?.port ?? 0;
  }

  /** Sends a request with this target unchanged, and reads the whole response. Rejects when the response is cut off. */
  call(method: string, path: string, { headers = {}, body }: Call = {}): Promise<Received> {
    return new Promise((resolve, reject) => {
      const sending = request({ host: '127.0.0.1', port: this.port, method, path, headers, agent: false });
      sending.on('error', reject).on('response', (response) => {
        buffer(response).then((bytes) => {
          const text = bytes.toString();
          const isJson = /json/.test(response.headers['content-type'] ?? '') && text !== '';
          const { statusCode: status = 0, headers } = response;
          resolve({ status, headers, text, body: isJson ? JSON.parse(text) : undefined });
        }, reject);
      });
      sending.end(body);
    });
  }

  get(path: string, headers: Call['headers'] = {}): Promise<Received> {
    return this.call('GET', path, { headers });
  }

  post(path: string, body: unknown, headers: Call['headers'] = {}): Promise<Received> {
    const json = { 'content-type': 'application/json', ...headers };
    return this.call('POST', path, { headers: json, body: JSON.stringify(body) });
  }

  /** Sends a text as it stands; its `answer` is all that the gateway sends until it closes the connection. */
  raw = (text: string) => sendRaw(this.port, text, this.#sockets);

  /** Tells the gateway that its process stops. */
  beginStop(): void {
    this.#stopping.abort();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const socket of this.#sockets) socket.destroy();
    await this.#listening?.close(0);
    this.#gateway.close();
    await Promise.all([this.command.stop(), this.query.stop()]);
  }
}
