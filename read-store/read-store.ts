/** A place in the log, as the event store gives it. */
export interface Position {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** A document, with the log position (commit) of the newest event folded into it: the fence against late writers. */
export interface Stored<Body> {
  readonly id: string;
  readonly position: bigint;
  readonly body: Body;
  /** The body as JSON, where the store has it at hand: for whoever passes it on as it is. Not part of copies. */
  readonly json?: string;
}

/** What a field in an index may hold. Arrays are for the leading field of a `multi` index only. */
export type IndexValue = string | number;

/**
 * A declared index: fields (paths such as `total.currency`) in order, all ascending or all descending; the id breaks
 * ties in the same direction. A `multi` index has an array as its leading field: one entry per element.
 * A document that lacks one of the fields (or holds neither text nor a number there) is not in the index. Text is
 * ordered by code point, and a field holds one kind of value throughout.
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
  /** Documents are written once and never change: written as inserts, which are left alone where they are already there. */
  readonly growsOnly?: boolean;
}

/**
 * A query is always a walk along one declared index: equal on its leading fields, forwards or backwards on the rest.
 * `alsoHas` (multi indexes): further elements that the leading array must hold.
 */
export interface Query {
  readonly index: string;
  readonly equals: readonly IndexValue[];
  /** Bounds (inclusive) on the first field after those of `equals`. */
  readonly from?: IndexValue;
  readonly to?: IndexValue;
  readonly alsoHas?: readonly string[];
  /** Start behind this entry: the values of the fields after those of `equals`, then the id. */
  readonly after?: readonly IndexValue[];
  /** Walks the index backwards. */
  readonly backwards?: boolean;
  readonly limit: number;
}

/** Documents that were found, in order: how many, and their bodies as JSON, with commas between them, in UTF-8. */
export interface FoundJson {
  readonly count: number;
  readonly json: Buffer;
}

/** Reading one generation of one read model. */
export interface Documents<Body> {
  /** 0 while there is none. */
  readonly generation: number;
  get(id: string): Promise<Stored<Body> | undefined>;
  load(ids: readonly string[]): Promise<Map<string, Stored<Body>>>;
  /**
   * Throws `UnknownIndex` for an index that the model does not declare: there are no scans; `IndexNotBuilt` for one that
   * this generation, built by other code, does not have.
   */
  find(query: Query): Promise<Stored<Body>[]>;
  /** What `find` would find, as it is to be passed on. */
  findJson(query: Query): Promise<FoundJson>;
  /** Everything, or what is behind an id, in order of id: for verification only. */
  all(after?: string): AsyncIterable<Stored<Body>>;
  checkpoint(): Promise<Position | undefined>;
  /** Events at or before the checkpoint, the last one first; they identify the log of the documents. */
  checkpointEvents(): Promise<readonly CheckpointEvent[]>;
}

/** An event and its place in the log. */
export interface CheckpointEvent {
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
  readonly position: Position;
}

/** One generation of one read model, to be written by the one projector that holds the lease. */
export interface Generation<Body> extends Documents<Body> {
  readonly model: string;
  /**
   * Writes documents, then the checkpoint. A document at or beyond the stored position wins over ours (a late writer
   * changes nothing); the checkpoint only moves on. Repeating a commit changes nothing.
   */
  commit(
    documents: readonly Stored<Body>[],
    checkpoint: Position,
    events?: readonly CheckpointEvent[],
  ): Promise<void>;
}

/** Which projector may write the read models, and where its change feed is. */
export interface Lease {
  readonly owner: string;
  readonly url: string;
  /** The owner's heartbeat, higher with each renewal. Compare it only for equality, since clocks of machines differ. */
  readonly beat: number;
}

/** What became of a model, for all to see. */
export interface ModelStatus {
  readonly name: string;
  readonly generation: number;
  readonly status: 'live' | 'catching-up' | 'rebuilding' | 'stopped';
  /** The event at which it has stopped, or while `rebuilding` the rebuild. */
  readonly error?: { readonly stream: string; readonly revision: string; readonly reason: string };
  readonly rebuild?: RebuildProgress;
}

/** How far a rebuild is. Positions are commit positions, as decimal strings. */
export interface RebuildProgress {
  readonly generation: number;
  readonly phase: 'building' | 'comparing';
  /** Where the projector that is at it now began: further than the beginning when it resumed. */
  readonly from: string;
  readonly position: string;
  /** The end of the log as last seen. */
  readonly target: string;
  /** Folded, and in how many milliseconds, by the projector that is at it now. */
  readonly events: number;
  readonly elapsedMs: number;
}

/** A small document of the store's own. The revision tells whether it was replaced since it was read. */
export interface Note {
  readonly revision: number;
  readonly body: unknown;
}

/**
 * The one port to MongoDB and SQLite. Errors: `ReadStoreUnavailable` (a passing fault), `UnknownIndex`, `ReadStoreUnusable`
 * (one sentence for the operator).
 */
export interface ReadStore {
  /** Opens a generation to write, creating it and its indexes when they are not there. */
  generation<Body>(model: ModelDeclaration, number: number): Promise<Generation<Body>>;
  /**
   * The live generation, to read, as `Generations` has it; resolved anew at each call so that a request sees one generation
   * throughout. While none is live there is nothing to find, and no checkpoint.
   */
  live<Body>(model: ModelDeclaration): Promise<Documents<Body>>;
  /**
   * The same, as it was in this turn of the event loop: what requests that come at once may share. Not for whoever was told of
   * a change in this turn, and is to see it.
   */
  recent<Body>(model: ModelDeclaration): Promise<Documents<Body>>;
  /** 0 while none is live. */
  liveGeneration(model: string): Promise<number>;
  /** Which generations of the model are stored, whether anybody knows of them or not. */
  storedGenerations(model: string): Promise<number[]>;
  /** Removes all of a generation, if it is there. */
  dropGeneration(model: string, number: number): Promise<void>;
  note(name: string): Promise<Note | undefined>;
  /** Writes a note where it is still of the revision expected, 0 while there is none; answers whether it was. */
  replaceNote(name: string, body: unknown, expected: number): Promise<boolean>;
  /** The event store that this read store is built from: takes `name` when it has none yet, answers what it has. */
  takeIdentity(name: string): Promise<string>;
  /**
   * Takes or renews the lease when it is free, the owner's own, or still equal to `silent`, a lease that its owner no longer
   * renews. Returns the resulting lease.
   */
  lease(name: string, wanted: Lease, silent?: Lease): Promise<Lease>;
  currentLease(name: string): Promise<Lease | undefined>;
  releaseLease(name: string, owner: string): Promise<void>;
  writeStatus(status: ModelStatus): Promise<void>;
  statuses(): Promise<ModelStatus[]>;
  /** Throws `ReadStoreUnavailable` when the store does not answer, `ReadStoreReplaced` when it is not the one that was opened. */
  ping(): Promise<void>;
  /** Opens the current store, or creates it. Throws what opening throws. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}
