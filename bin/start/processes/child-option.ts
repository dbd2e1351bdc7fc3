/** Option that marks a process as a child of another start. */
export const CHILD_OPTION = '--child';
