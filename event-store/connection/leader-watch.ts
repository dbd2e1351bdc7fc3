import type { EventStoreDBClient } from '@eventstore/db-client';
import { pause } from '../../platform/async/backoff.ts';
import { type EventStoreAddress, formatEventStoreUrl } from '../../platform/config/event-store-url.ts';
import { ClientSource } from './client-source.ts';
import { type NodeAddress, readGossip } from './gossip.ts';
import type { Target } from './target.ts';

const READ_EVERY_MS = 500;
/** Time limit of a gossip read; a slower node counts as silent until its next answer. */
const ANSWER_WITHIN_MS = 1000;
/** Milliseconds after which the claim of a node is stale. */
const STALE_AFTER_MS = 2000;
/** Maximum number of watched nodes: a cluster has at most nine, and addresses may change. */
const MAX_NODES = 32;

/** The last claim of a node about which node leads. */
interface Claim {
  readonly leader: string;
  /** When it first claimed this leader, in ms of `performance.now()`. */
  readonly since: number;
  readonly at: number;
}

/**
 * Watches which node of a cluster leads: reads the gossip of all nodes every half second, from the first use on.
 * The client finds the leader only when it connects. Without this watch, open calls to a hanging node would stay open
 * until the keepalive ends them, after 20 s.
 */
export class LeaderWatch implements Target {
  readonly #address: EventStoreAddress;
  readonly #claims = new Map<string, Claim>();
  readonly #watched = new Map<string, ClientSource>();
  readonly #listeners: ((node: string) => void)[] = [];
  readonly #closing = new AbortController();
  #leader: string | undefined;
  #lastLeader: string | undefined;

  constructor(address: EventStoreAddress) {
    this.#address = address;
  }

  connectionString(): string {
    for (const host of this.#address.hosts) this.#watch(host);
    return this.#leader === undefined ? formatEventStoreUrl(this.#address) : this.#nodeUrl(this.#leader);
  }

  onMove(listener: (node: string) => void): void {
    this.#listeners.push(listener);
  }

  close(): void {
    this.#closing.abort();
    for (const source of this.#watched.values()) source.close();
  }

  #nodeUrl(node: string): string {
    const [host = '', port] = node.split(':');
    return formatEventStoreUrl({ ...this.#address, isCluster: false, hosts: [{ host, port: Number(port) }] });
  }

  #watch(address: NodeAddress): void {
    const node = nameOf(address);
    const { signal } = this.#closing;
    if (signal.aborted || this.#watched.has(node) || this.#watched.size >= MAX_NODES) return;
    const url = this.#nodeUrl(node);
    const source = new ClientSource({ connectionString: () => url });
    this.#watched.set(node, source);
    void this.#watchNode(node, source, signal);
  }

  async #watchNode(node: string, source: ClientSource, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let client: EventStoreDBClient | undefined;
      try {
        client = source.current();
        const { leader, nodes } = await source.answerOf(
          client,
          readGossip(client, ANSWER_WITHIN_MS),
          ANSWER_WITHIN_MS,
        );
        if (signal.aborted) return;
        for (const each of nodes) this.#watch(each);
        this.#record(node, leader && nameOf(leader));
      } catch {
        source.renew(client);
        this.#record(node, undefined);
      }
      await pause(READ_EVERY_MS, signal, { ref: false });
    }
  }

  #record(node: string, leader: string | undefined): void {
    const at = performance.now();
    const before = this.#claims.get(node);
    if (leader === undefined) this.#claims.delete(node);
    else this.#claims.set(node, { leader, since: before?.leader === leader ? before.since : at, at });
    // Other nodes count only when no node of the URL answers.
    const seeds = new Set(this.#address.hosts.map(nameOf));
    const seedClaims = [...this.#claims].filter(([by]) => seeds.has(by)).map(([, claim]) => claim);
    this.#leader = leaderOf(seedClaims, at) ?? leaderOf([...this.#claims.values()], at);
    if (this.#leader === undefined || this.#leader === this.#lastLeader) return;
    this.#lastLeader = this.#leader;
    for (const listener of this.#listeners) listener(this.#leader);
  }
}

/** Returns the leader that most nodes claim; in a tie the latest claim, since it follows the newer election. */
function leaderOf(claims: readonly Claim[], now: number): string | undefined {
  const votes = new Map<string, { count: number; since: number }>();
  for (const { leader, since, at } of claims) {
    if (now - at > STALE_AFTER_MS) continue;
    const vote = votes.get(leader) ?? { count: 0, since };
    votes.set(leader, { count: vote.count + 1, since: Math.max(vote.since, since) });
  }
  const [first] = [...votes].sort(([, a], [, b]) => b.count - a.count || b.since - a.since);
  return first?.[0];
}

const nameOf = ({ host, port }: NodeAddress): string => `${host}:${port}`;
