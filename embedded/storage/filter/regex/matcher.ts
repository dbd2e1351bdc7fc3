/** Counts the steps of matching, so that a limit has the same effect on a fast and on a busy machine. */
export interface Work {
  steps: number;
}

export interface Matcher {
  /** Returns whether the expression matches anywhere in the text. @throws {RegexTooExpensive} */
  test(text: string, work: Work): boolean;
}

/** Maximum steps for one text. */
export const MAX_STEPS_PER_TEXT = 10_000_000;
