/** The person's key was destroyed: nothing can be encrypted for this person any more. */
export class PersonForgotten extends Error {
  override readonly name = 'PersonForgotten';

  constructor() {
    // The id of a person may be an e-mail address, so the message does not name it.
    super('the personal data of this person was deleted');
  }
}

/** A temporary fault: the key store cannot be reached, or did not respond in time. A retry may succeed. */
export class KeyStoreUnavailable extends Error {
  override readonly name = 'KeyStoreUnavailable';
}

/** The key store is unusable until an operator acts; the message is one sentence for the operator. */
export class KeyStoreUnusable extends Error {
  override readonly name = 'KeyStoreUnusable';
}
