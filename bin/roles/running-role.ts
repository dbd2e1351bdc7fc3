/** A role that runs in this process. */
export interface RunningRole {
  /** Addresses by the name that is printed for them: `{ 'command API': 'http://127.0.0.1:3001' }`. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Rejects when the role cannot continue. */
  readonly failed?: Promise<never>;
  stop(): Promise<void>;
}
