/** A process exited that the test neither stopped nor killed. */
export class UnexpectedExit extends Error {
  override readonly name = 'UnexpectedExit';
}

/** A process was not ready in time, or is not running. */
export class NotReadyInTime extends Error {
  override readonly name = 'NotReadyInTime';
}
