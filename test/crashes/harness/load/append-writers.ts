import { expect } from 'vitest';
import {
  appendUntilDisconnected,
  faultsIn,
  type SentAppend,
} from '../../../../embedded/testing/acknowledged-appends.ts';
import { BatchClient } from '../../../../embedded/testing/batch-client.ts';
import type { Moments } from '../../../support/random-choices.ts';
import type { NodeProcess } from '../processes/embedded-node-process.ts';

const WRITERS = 24;
const MOST_ACKNOWLEDGED = 300;

/** Writers that append to a node until it is gone, and again when it is back; they know what it acknowledged. */
export class Writers {
  readonly #node: NodeProcess;
  readonly #moments: Moments;
  readonly #sent: SentAppend[] = [];
  /** What is sent in this round. */
  #round: Promise<SentAppend[]> = Promise.resolve([]);
  #rounds = 0;

  constructor(node: NodeProcess, moments: Moments) {
    this.#node = node;
    this.#moments = moments;
  }

  /** Looks at what the round before left behind, and begins another; resolves when the node has acknowledged some of it. */
  async write(): Promise<void> {
    const [node, round] = [this.#node, this.#rounds];
    const before = await this.#take();
    await node.ready();
    const faults = await node.withClient((client) => faultsIn(client, before));
    expect(faults, `before round ${round}`).toEqual([]);
    this.#rounds += 1;
    const enough = 1 + this.#moments.below(MOST_ACKNOWLEDGED);
    const client = new BatchClient(node.address);
    await new Promise<void>((resolve) => {
      this.#round = appendUntilDisconnected(client, round, WRITERS, (count) => {
        if (count === enough) resolve();
      }).finally(() => client.close());
    });
  }

  /** All that was sent, once the node is gone. */
  async sent(): Promise<readonly SentAppend[]> {
    await this.#take();
    return this.#sent;
  }

  async #take(): Promise<SentAppend[]> {
    const sent = await this.#round;
    this.#round = Promise.resolve([]);
    this.#sent.push(...sent);
    return sent;
  }
}
