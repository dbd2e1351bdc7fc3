import { type IncomingMessage, request } from 'node:http';
import { createParser } from 'eventsource-parser';

export interface Told {
  readonly id: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at what is sent as a client does, without types
  readonly data: any;
}

/** A listener to server-sent events, with a connection of its own. */
export class EventStream {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly events: Told[] = [];
  /** All that was sent, comments and openings included. */
  text = '';
  /** Resolves when the connection is over, however that came. */
  readonly over: Promise<void>;
  readonly #response: IncomingMessage;
  #wake: () => void = () => {};

  private constructor(response: IncomingMessage) {
    this.#response = response;
    this.status = response.statusCode ?? 0;
    this.headers = response.headers;
    this.over = new Promise((resolve) => response.once('close', resolve));
    const parser = createParser({
      onEvent: ({ id, data }) => {
        this.events.push({ id, data: JSON.parse(data) });
        this.#wake();
      },
    });
    response.setEncoding('utf8').on('error', () => {});
    response.on('data', (text: string) => {
      this.text += text;
      parser.feed(text);
    });
  }

  static open(
    port: number,
    path: string,
    headers: Readonly<Record<string, string>>,
    method = 'GET',
  ): Promise<EventStream> {
    return new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, headers, method, agent: false }, (response) =>
        resolve(new EventStream(response)),
      )
        .on('error', reject)
        .end();
    });
  }

  /** Resolves once so many events have come, with the types of all of them. */
  async types(count: number): Promise<string[]> {
    while (this.events.length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.events.map(({ data }) => data.type);
  }

  /** Reads nothing more until it goes on. */
  pause(): void {
    this.#response.pause();
  }

  resume(): void {
    this.#response.resume();
  }

  close(): void {
    this.#response.destroy();
  }
}
