/** Returns the id in a stream's name: the part after its category, which ends at the first dash. */
export const idOfStream = (stream: string): string => stream.slice(stream.indexOf('-') + 1);
