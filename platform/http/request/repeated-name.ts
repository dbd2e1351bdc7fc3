type JsonPath = readonly (string | number)[];

/** An object or list that contains the current place; `names` is undefined for a list. */
interface Frame {
  readonly names: Set<string> | undefined;
  /** The current name, or the current index of the list. */
  at: string | number;
}

/** Strings, numbers, brackets and commas of a JSON text. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|[{}[\],]/g;

/**
 * Returns the path of the first name that appears twice in one object; undefined when none does. The text must be JSON
 * that `JSON.parse` has accepted, which silently keeps the last value. Names are compared after unescaping. Calls
 * `onNumber` with the text of every number before.
 */
export function repeatedName(
  text: string,
  onNumber?: (number: string, path: () => JsonPath) => void,
): JsonPath | undefined {
  const frames: Frame[] = [];
  let isName = false;
  const path = () => frames.map((each) => each.at);
  for (const [token] of text.matchAll(TOKEN)) {
    const frame = frames.at(-1);
    switch (token[0]) {
      case '{':
        frames.push({ names: new Set(), at: '' });
        isName = true;
        break;
      case '[':
        frames.push({ names: undefined, at: 0 });
        isName = false;
        break;
      case '}':
      case ']':
        frames.pop();
        isName = false;
        break;
      case ',':
        isName = frame?.names !== undefined;
        if (typeof frame?.at === 'number') frame.at += 1;
        break;
      case '"':
        if (!isName || frame?.names === undefined) break;
        isName = false;
        frame.at = nameIn(token);
        if (frame.names.has(frame.at)) return path();
        frame.names.add(frame.at);
        break;
      default:
        onNumber?.(token, path);
    }
  }
  return undefined;
}

const nameIn = (quoted: string): string => (quoted.includes('\\') ? JSON.parse(quoted) : quoted.slice(1, -1));
