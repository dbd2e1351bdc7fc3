/** Prints the start or the figures of a test as one line of JSON. */
export const printJson = (value: object): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
