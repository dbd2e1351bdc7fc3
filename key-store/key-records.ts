/** A stored key. `wrapped` is absent once the key was destroyed: the record stays as a tombstone. */
export interface KeyRecord {
  readonly id: string;
  /** The key, encrypted with the master key; base64url. */
  readonly wrapped?: string;
  /** Facts about the key that are no secrets, as JSON. */
  readonly facts?: string;
}

/** What an adapter of the key store stores: records by id. Every write is durable before its promise resolves. */
export interface KeyRecords {
  /** Returns the records that exist, in no order. */
  find(ids: readonly string[]): Promise<KeyRecord[]>;
  /** Returns all records whose id begins with the prefix, in order of id. */
  withPrefix(prefix: string): Promise<KeyRecord[]>;
  /** Stores a record unless one with its id exists. Returns the stored one. */
  insertIfAbsent(record: KeyRecord): Promise<KeyRecord>;
  /** Replaces the facts of a record, unless it is missing or a tombstone. */
  setFacts(id: string, facts: string): Promise<void>;
  /**
   * Stores a tombstone, also where there was no record. Afterwards no file of the store contains the former key, neither its
   * journal nor its free pages. May be repeated.
   */
  destroy(id: string): Promise<void>;
  /** Throws unless the store responds. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
