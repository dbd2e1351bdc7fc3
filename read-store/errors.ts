/** A temporary fault: the store cannot be reached, or did not respond in time. A retry may succeed. */
export class ReadStoreUnavailable extends Error {
  override readonly name: string = 'ReadStoreUnavailable';
}

/** The read store, or a part of it, was removed or replaced while it was open. `reopen` opens the current one. */
export class ReadStoreReplaced extends ReadStoreUnavailable {
  override readonly name: string = 'ReadStoreReplaced';

  constructor(replaced: string) {
    super(`${replaced} was removed or replaced while it was in use`);
  }
}

/** The read store's disk rejects writes. Health shows the same message. */
export class ReadStoreFull extends ReadStoreUnavailable {
  override readonly name: string = 'ReadStoreFull';
}

/**
 * The live generation was built by another version of the code, without the index of a query. The query fails until the
 * generation with the index is live.
 */
export class IndexNotBuilt extends ReadStoreUnavailable {
  override readonly name: string = 'IndexNotBuilt';

  constructor(model: string, index: string) {
    super(`the index ${index} of ${model} is still being built`);
  }
}

/** The read store is unusable until an operator acts; the message is one sentence for the operator. */
export class ReadStoreUnusable extends Error {
  override readonly name: string = 'ReadStoreUnusable';
}

/** The read models were built from events that the event store does not have. */
export class ReadStoreAhead extends ReadStoreUnusable {
  override readonly name: string = 'ReadStoreAhead';
}

/** A query names an index that the read model does not declare, or does not fit the index. */
export class UnknownIndex extends Error {
  override readonly name = 'UnknownIndex';

  constructor(model: string, index: string, why = 'the model does not declare it') {
    super(`no query on index ${JSON.stringify(index)} of ${model}: ${why}`);
  }
}
