/** A position in the log, as the event store returns it. */
export interface Position {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** A document, with the log position (commit) of the newest event in it: writes of older positions are ignored. */
export interface Stored<Body> {
  readonly id: string;
  readonly position: bigint;
  readonly body: Body;
  /** The body as JSON, if the store provides it: responses can use it without parsing. Not part of copies. */
  readonly json?: string;
}

/** Value of an index field. Only the leading field of a `multi` index is an array. */
export type IndexValue = string | number;

/**
 * A declared index: fields (paths such as `total.currency`) in order, all ascending or all descending; the id breaks
 * ties in the same direction. The leading field of a `multi` index is an array: one entry per element.
 * A document without one of the fields (or with neither text nor a number there) is not in the index. Text is ordered by
 * code point; a field has the same type in all documents.
 */
export interface IndexDeclaration {
  readonly name: string;
  readonly fields: readonly [string, ...string[]];
  readonly direction: 'ascending' | 'descending';
  readonly multi?: boolean;
}

export interface ModelDeclaration {
  readonly name: string;
  readonly indexes: readonly IndexDeclaration[];
  /** Each event adds documents, which never change: the projector reads none back, and the store ignores existing ones. */
  readonly growsOnly?: boolean;
}

/**
 * A query reads a range of one declared index: equal on its leading fields, forwards or backwards on the rest.
 * `alsoHas` (multi indexes): further elements that the leading array must contain.
 */
export interface Query {
  readonly index: string;
  readonly equals: readonly IndexValue[];
  /** Bounds (inclusive) on the first field after those of `equals`. */
  readonly from?: IndexValue | undefined;
  readonly to?: IndexValue | undefined;
  readonly alsoHas?: readonly string[];
  /** Start after this entry: the values of the fields after those of `equals`, then the id. */
  readonly after?: readonly IndexValue[] | undefined;
  /** Reads the index backwards. */
  readonly backwards?: boolean;
  readonly limit: number;
}

/** Found documents in order: their number, and their bodies as JSON in UTF-8, with commas between them. */
export interface FoundJson {
  readonly count: number;
  readonly json: Buffer;
}

/** Reads one generation of a read model. */
export interface Documents<Body> {
  /** 0 while none exists. */
  readonly generation: number;
  get(id: string): Promise<Stored<Body> | undefined>;
  load(ids: readonly string[]): Promise<Map<string, Stored<Body>>>;
  /** Throws `UnknownIndex` for an undeclared index (there are no scans), and `IndexNotBuilt` for one that this generation lacks. */
  find(query: Query): Promise<Stored<Body>[]>;
  /** Returns the result of `find` as JSON. */
  findJson(query: Query): Promise<FoundJson>;
  /** Returns at most `limit` documents in order of id, after an id or from the first one. For verification only. */
  page(after: string | undefined, limit: number): Promise<Stored<Body>[]>;
  checkpoint(): Promise<Position | undefined>;
  /** Returns events at or before the checkpoint, the last one first; they identify the log of the documents. */
  checkpointEvents(): Promise<readonly CheckpointEvent[]>;
}

/** An event and its position in the log. */
export interface CheckpointEvent {
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
  readonly position: Position;
}

/** Writes one generation of a read model. Only the projector that holds the lease writes. */
export interface Generation<Body> extends Documents<Body> {
  /**
   * Writes documents, then the checkpoint. Ignores a document whose stored position is equal or later; the checkpoint only
   * moves forwards. Repeating a commit changes nothing.
   */
  commit(
    documents: readonly Stored<Body>[],
    checkpoint: Position,
    events?: readonly CheckpointEvent[],
  ): Promise<void>;
}

/** The projector that may write the read models, and the address of its change feed. */
export interface Lease {
  readonly owner: string;
  readonly url: string;
  /** The owner's heartbeat, higher with each renewal. Compare it only for equality, since clocks of machines differ. */
  readonly beat: number;
}

/** Published status of a read model. */
export interface ModelStatus {
  readonly name: string;
  readonly generation: number;
  readonly status: 'live' | 'catching-up' | 'rebuilding' | 'stopped';
  /** The event at which the read model stopped or, while `rebuilding`, the rebuild. */
  readonly error?: { readonly stream: string; readonly revision: string; readonly reason: string };
  readonly rebuild?: RebuildProgress;
}

/** Progress of a rebuild. Positions are commit positions, as decimal strings. */
export interface RebuildProgress {
  readonly generation: number;
  readonly phase: 'building' | 'comparing';
  /** Position at which the current projector started or resumed the rebuild. */
  readonly from: string;
  readonly position: string;
  /** Last known end of the log. */
  readonly target: string;
  /** Events applied by the current projector, in `elapsedMs` milliseconds. */
  readonly events: number;
  readonly elapsedMs: number;
}

/** A small named document beside the read models. Writers compare its revision to detect a conflict. */
export interface Metadata {
  readonly revision: number;
  readonly body: unknown;
}

/**
 * The port to MongoDB and SQLite. Errors: `ReadStoreUnavailable` (a temporary fault), `UnknownIndex`, `ReadStoreUnusable`
 * (an operator must act).
 */
export interface ReadStore {
  /** Opens a generation for writing; creates it and its indexes when missing. */
  generation<Body>(model: ModelDeclaration, number: number): Promise<Generation<Body>>;
  /**
   * Opens the live generation for reading. Call it once per request, so that the request reads one generation throughout.
   * While none is live, it is empty and has no checkpoint.
   */
  live<Body>(model: ModelDeclaration): Promise<Documents<Body>>;
  /**
   * Like `live`, with reads that requests of the same turn of the event loop share. Do not use it to read a change that was
   * reported in this turn.
   */
  liveShared<Body>(model: ModelDeclaration): Promise<Documents<Body>>;
  /** 0 while none is live. */
  liveGeneration(model: string): Promise<number>;
  /** Returns the numbers of all stored generations of the read model, also unknown ones. */
  storedGenerations(model: string): Promise<number[]>;
  /** Drops a generation, if it exists. */
  dropGeneration(model: string, number: number): Promise<void>;
  metadata(name: string): Promise<Metadata | undefined>;
  /** Replaces metadata if its revision is `expected` (0: it does not exist yet); returns whether it did. */
  replaceMetadata(name: string, body: unknown, expected: number): Promise<boolean>;
  /** Records the event store that this read store is built from, unless one is recorded; returns the recorded one. */
  claimIdentity(name: string): Promise<string>;
  /**
   * Takes or renews the lease if it is free, owned by `wanted.owner`, or still equal to `silent`, a lease that its owner no
   * longer renews. Returns the resulting lease.
   */
  takeLease(name: string, wanted: Lease, silent?: Lease): Promise<Lease>;
  currentLease(name: string): Promise<Lease | undefined>;
  releaseLease(name: string, owner: string): Promise<void>;
  writeStatus(status: ModelStatus): Promise<void>;
  statuses(): Promise<ModelStatus[]>;
  /** Throws `ReadStoreUnavailable` when the store does not respond, `ReadStoreReplaced` when it is not the one that was opened. */
  ping(): Promise<void>;
  /** Opens the current store, or creates it. Throws the errors of `openReadStore`. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}
