/** The node cannot listen on its host and port. The message is one sentence that says why. */
export class PortUnavailable extends Error {
  override readonly name = 'PortUnavailable';
  readonly host: string;
  readonly port: number;

  constructor(host: string, port: number, reason: string, cause?: unknown) {
    super(`The embedded node cannot listen on ${host}:${port}: ${reason}`, { cause });
    this.host = host;
    this.port = port;
  }
}
