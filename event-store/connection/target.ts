/** Where clients connect to: one server, or the current leader of a cluster. */
export interface Target {
  /** URL of the next client. */
  connectionString(): string;
  /** Calls back with `host:port` when another node leads: clients of other nodes should reconnect. */
  onMove(listener: (node: string) => void): void;
  close(): void;
}
