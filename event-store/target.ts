/** Where clients connect to: one server, or the leader of a cluster, whichever node that is. */
export interface Target {
  /** For the next client that is made. */
  connectionString(): string;
  /** Calls back when another node leads, `host:port`: what is connected elsewhere had better connect again. */
  onMove(listener: (node: string) => void): void;
  close(): void;
}
