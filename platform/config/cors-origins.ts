/** Returns whether a text is an origin as browsers send it: scheme, host, and the port unless it is the default. */
export const isOrigin = (text: string): boolean =>
  /^https?:\/\/[^*]*$/.test(text) && URL.canParse(text) && new URL(text).origin === text;

/** Parses a comma-separated list of origins; undefined when an entry is not an origin. */
export function corsOriginsOf(list: string): readonly string[] | undefined {
  const origins = entriesOf(list);
  return origins.every(isOrigin) ? [...new Set(origins)] : undefined;
}

/** Parses a comma-separated list of https origins; undefined when an entry is not one. */
export function imageOriginsOf(list: string): readonly string[] | undefined {
  const origins = corsOriginsOf(list);
  return origins?.every((origin) => origin.startsWith('https:')) ? origins : undefined;
}

/** Describes the first entry that is not an origin, with the origin that was probably meant. */
export function describeBadOrigin(list: string): string | undefined {
  const wrong = entriesOf(list).find((entry) => !isOrigin(entry));
  if (wrong === undefined) return undefined;
  const meant = /^https?:\/\/[^*]*$/i.test(wrong) && URL.canParse(wrong) ? new URL(wrong).origin : undefined;
  const sentence = `${JSON.stringify(wrong)} is not an origin`;
  return meant === undefined ? sentence : `${sentence}; ${meant} is one`;
}

const entriesOf = (list: string) => list.split(',').map((entry) => entry.trim());
