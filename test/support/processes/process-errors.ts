/** A process ended though nobody ended it: whatever is killed beside it, none may. */
export class EndedByItself extends Error {
  override readonly name = 'EndedByItself';
}

/** A process was not as it should be in time, or is not running at all. */
export class NeverReady extends Error {
  override readonly name = 'NeverReady';
}
