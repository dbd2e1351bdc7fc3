/** The option that tells a process that it is a child of one of ours. */
export const CHILD_OPTION = '--child';
