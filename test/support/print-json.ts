/** Prints what a leg of the kill tests begins with or came to, as one line of JSON. */
export const say = (what: object): void => void process.stdout.write(`${JSON.stringify(what)}\n`);
