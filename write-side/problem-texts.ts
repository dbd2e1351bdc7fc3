/** What statuses mean for every command alike, for the OpenAPI document. */
export const stale = 'If-Match names no revision that holds; nothing was done';
export const keyProblem = 'the Idempotency-Key was used before with another payload';
