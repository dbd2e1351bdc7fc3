import type { ServerResponse } from 'node:http';

/** Interval of heartbeats on a silent feed. */
const HEARTBEAT_MS = 15_000;

/**
 * Sends the position of each read model to listeners, as server-sent events: the read model contains all events up to it. A new listener first receives all current
 * positions. A slow listener receives only the latest position of each read model.
 */
export class ChangeFeed {
  readonly #positions = new Map<string, bigint>();
  readonly #listeners = new Set<Listener>();
  #heartbeat: NodeJS.Timeout | undefined;

  publish(model: string, position: bigint): void {
    if (this.#positions.get(model) === position) return;
    this.#positions.set(model, position);
    for (const listener of this.#listeners) listener.send(model, position);
  }

  /** Responds with the feed until the client disconnects or the feed is closed. */
  serve(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.flushHeaders();
    const listener = new Listener(response);
    for (const [model, position] of this.#positions) listener.send(model, position);
    this.#listeners.add(listener);
    response.on('close', () => this.#listeners.delete(listener));
    this.#heartbeat ??= setInterval(() => {
      for (const each of this.#listeners) each.heartbeat();
    }, HEARTBEAT_MS).unref();
  }

  /** Disconnects all listeners and forgets the positions: another projector may be writing now. */
  close(): void {
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
    this.#positions.clear();
    for (const listener of this.#listeners) listener.end();
    this.#listeners.clear();
  }
}

class Listener {
  readonly #response: ServerResponse;
  readonly #unsent = new Map<string, bigint>();
  #isFull = false;
  #isScheduled = false;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.on('drain', () => {
      this.#isFull = false;
      this.#flush();
    });
  }

  send(model: string, position: bigint): void {
    this.#unsent.set(model, position);
    if (this.#isScheduled || this.#isFull) return;
    this.#isScheduled = true;
    // Send all read models of a batch in one write.
    setImmediate(() => {
      this.#isScheduled = false;
      this.#flush();
    });
  }

  heartbeat(): void {
    if (!this.#isFull) this.#response.write(': still here\n\n');
  }

  end(): void {
    this.#flush();
    this.#response.end();
  }

  #flush(): void {
    if (this.#unsent.size === 0 || this.#isFull || this.#response.writableEnded) return;
    let text = '';
    for (const [model, position] of this.#unsent)
      text += `data: ${JSON.stringify({ model, position: position.toString() })}\n\n`;
    this.#unsent.clear();
    this.#isFull = !this.#response.write(text);
  }
}
