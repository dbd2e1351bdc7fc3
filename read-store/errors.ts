/** A passing fault: the store cannot be reached, or did not answer in time. Trying again may help. */
export class ReadStoreUnavailable extends Error {
  override readonly name: string = 'ReadStoreUnavailable';
}

/** The read store, or a part of it, was removed or replaced while it was open. `reopen` opens the current one. */
export class ReadStoreReplaced extends ReadStoreUnavailable {
  override readonly name: string = 'ReadStoreReplaced';

  constructor(what: string) {
    super(`${what} was removed or replaced while it was in use`);
  }
}

/** The read store's disk rejects writes. Health shows the same message. */
export class ReadStoreFull extends ReadStoreUnavailable {
  override readonly name: string = 'ReadStoreFull';
}

/**
 * The live generation was built by other code, without an index that a query needs: the one that has it is being built,
 * and until it is live the query cannot be answered.
 */
export class IndexNotBuilt extends ReadStoreUnavailable {
  override readonly name: string = 'IndexNotBuilt';
  readonly model: string;
  readonly index: string;

  constructor(model: string, index: string) {
    super(`the index ${index} of ${model} is still being built`);
    this.model = model;
    this.index = index;
  }
}

/** The read store cannot be used as it is; the message is one sentence for the operator. */
export class ReadStoreUnusable extends Error {
  override readonly name: string = 'ReadStoreUnusable';
}

/** The read models were built from events that the event store does not have. */
export class ReadStoreAhead extends ReadStoreUnusable {
  override readonly name: string = 'ReadStoreAhead';
}

/** A query names an index that the model does not declare, or asks of it what a walk along it cannot answer. */
export class UnknownIndex extends Error {
  override readonly name = 'UnknownIndex';
  readonly model: string;
  readonly index: string;

  constructor(model: string, index: string, why = 'the model does not declare it') {
    super(`no query on index ${JSON.stringify(index)} of ${model}: ${why}`);
    this.model = model;
    this.index = index;
  }
}
