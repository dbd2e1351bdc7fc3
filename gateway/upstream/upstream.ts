import { type AgentOptions, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { pause } from '../../platform/async/backoff.ts';
import { settlesWithin } from '../../platform/async/timeout.ts';
import type { ApiName } from '../routes/operations.ts';
import { tryToConnect } from './try-to-connect.ts';

export interface UpstreamOptions {
  readonly api: ApiName;
  readonly url: URL;
  /** How long an outage is taken for a restart, in milliseconds: so long, requests wait for its end. */
  readonly restartMs?: number | undefined;
  readonly stopping?: AbortSignal | undefined;
  /** Milliseconds until a connection without a request is closed. A live stream is a request. Default 30 s. */
  readonly idleMs?: number;
}

const RESTART_MS = 5_000;
/** The APIs close an idle connection after 65 s, and a request must not be sent into one that is being closed. */
const IDLE_MS = 30_000;
const LOOK_EVERY_MS = 50;
/** While nothing waits for the end. */
const LOOK_LATER_EVERY_MS = 1_000;
/** Maximum number of requests that wait for the end of an outage; each holds a connection and a body. */
const MAX_WAITING = 1_000;

/** One connection for each request in flight: with a maximum, live streams would block requests. */
const agentOptions: AgentOptions = {
  keepAlive: true,
  maxSockets: Number.POSITIVE_INFINITY,
  maxFreeSockets: 256,
};

/** An API behind the gateway: its connections, and whether it accepts any. */
export class Upstream {
  readonly api: ApiName;
  readonly url: URL;
  readonly agent: HttpAgent;
  readonly #restartMs: number;
  readonly #stopping: AbortSignal | undefined;
  /** The current outage: when it began (ms, monotonic), and its end. */
  #outage: { readonly since: number; readonly end: Promise<void> } | undefined;
  #waiting = 0;

  constructor({ api, url, restartMs = RESTART_MS, stopping, idleMs = IDLE_MS }: UpstreamOptions) {
    this.api = api;
    this.url = url;
    // The agent ends a connection at this timeout only when no request uses it.
    const options = { ...agentOptions, timeout: idleMs };
    this.agent = url.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
    this.#restartMs = restartMs;
    this.#stopping = stopping;
  }

  /**
   * Call it when a connection was refused. Waits for the end of the outage, as long as it may be a restart. Returns whether
   * the API accepts connections again.
   */
  async returns(): Promise<boolean> {
    if (this.#waiting >= MAX_WAITING) return false;
    this.#waiting += 1;
    try {
      this.#outage ??= { since: performance.now(), end: this.#end() };
      const { since, end } = this.#outage;
      const left = since + this.#restartMs - performance.now();
      return left > 0 && (await settlesWithin(end, left)) && this.#stopping?.aborted !== true;
    } finally {
      this.#waiting -= 1;
    }
  }

  close(): void {
    this.agent.destroy();
  }

  /** One probe for all waiting requests, also after the last of them has given up: a later outage is a new one. */
  async #end(): Promise<void> {
    while (this.#stopping?.aborted !== true) {
      const everyMs = this.#waiting > 0 ? LOOK_EVERY_MS : LOOK_LATER_EVERY_MS;
      await pause(everyMs, this.#stopping, { ref: false });
      if (await tryToConnect(this.url)) break;
    }
    this.#outage = undefined;
  }
}
