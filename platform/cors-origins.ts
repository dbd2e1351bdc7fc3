/** Whether a text is an origin as a browser sends it: scheme, host and port, and nothing that is implied. */
const isOrigin = (text: string): boolean =>
  /^https?:\/\/[^*]*$/.test(text) && URL.canParse(text) && new URL(text).origin === text;

/** The origins of a list with commas between them; undefined where one is none. */
export function corsOriginsOf(list: string): readonly string[] | undefined {
  const origins = entriesOf(list);
  return origins.every(isOrigin) ? [...new Set(origins)] : undefined;
}

/** The first entry of a list that is no origin, and the origin that was probably meant; for a sentence. */
export function whyNoOrigins(list: string): string | undefined {
  const wrong = entriesOf(list).find((entry) => !isOrigin(entry));
  if (wrong === undefined) return undefined;
  const meant = /^https?:\/\/[^*]*$/i.test(wrong) && URL.canParse(wrong) ? new URL(wrong).origin : undefined;
  const said = `${JSON.stringify(wrong)} is no origin`;
  return meant === undefined ? said : `${said}: ${meant} is`;
}

const entriesOf = (list: string) => list.split(',').map((entry) => entry.trim());
