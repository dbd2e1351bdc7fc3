import type { ServerResponse } from 'node:http';

/** How far a read model is, as the feed tells it: the position is a decimal string. */
export interface Change {
  readonly model: string;
  readonly position: string;
}

/** So often a silent feed says that it is still there. */
const HEARTBEAT_MS = 15_000;

/**
 * Tells listeners, as server-sent events, how far each model can be read. On connecting a listener first gets all present
 * positions; one that reads slowly gets the latest of each model rather than every one in between.
 */
export class ChangeFeed {
  readonly #positions = new Map<string, bigint>();
  readonly #listeners = new Set<Listener>();
  #heartbeat: NodeJS.Timeout | undefined;

  get positions(): ReadonlyMap<string, bigint> {
    return this.#positions;
  }

  publish(model: string, position: bigint): void {
    if (this.#positions.get(model) === position) return;
    this.#positions.set(model, position);
    for (const listener of this.#listeners) listener.tell(model, position);
  }

  /** Answers a request with the feed, for as long as the client listens or the feed is open. */
  serve(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.flushHeaders();
    const listener = new Listener(response);
    for (const [model, position] of this.#positions) listener.tell(model, position);
    this.#listeners.add(listener);
    response.on('close', () => this.#listeners.delete(listener));
    this.#heartbeat ??= setInterval(() => {
      for (const each of this.#listeners) each.beat();
    }, HEARTBEAT_MS).unref();
  }

  /** Sends everybody away and forgets the positions: somebody else may be writing now. */
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
  readonly #waiting = new Map<string, bigint>();
  #isFull = false;
  #isScheduled = false;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.on('drain', () => {
      this.#isFull = false;
      this.#send();
    });
  }

  tell(model: string, position: bigint): void {
    this.#waiting.set(model, position);
    if (this.#isScheduled || this.#isFull) return;
    this.#isScheduled = true;
    // The models of one batch in one write.
    setImmediate(() => {
      this.#isScheduled = false;
      this.#send();
    });
  }

  beat(): void {
    if (!this.#isFull) this.#response.write(': still here\n\n');
  }

  end(): void {
    this.#send();
    this.#response.end();
  }

  #send(): void {
    if (this.#waiting.size === 0 || this.#isFull || this.#response.writableEnded) return;
    let text = '';
    for (const [model, position] of this.#waiting) {
      const change: Change = { model, position: position.toString() };
      text += `data: ${JSON.stringify(change)}\n\n`;
    }
    this.#waiting.clear();
    this.#isFull = !this.#response.write(text);
  }
}
