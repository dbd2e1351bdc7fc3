/** Counts the steps that matching takes, so that a limit falls the same way on a fast machine and on a busy one. */
export interface Work {
  steps: number;
}

export interface Matcher {
  /** Does the expression match anywhere in the text? @throws {RegexTooExpensive} */
  test(text: string, work: Work): boolean;
}

/** The most steps for one text. */
export const MAX_STEPS_PER_TEXT = 10_000_000;
