/** A role that runs in this process. */
export interface Running {
  /** What it serves and where, for people: `{ 'command API': 'http://127.0.0.1:3001' }`. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Rejects when the role can no longer go on. */
  readonly failed?: Promise<never>;
  stop(): Promise<void>;
}
