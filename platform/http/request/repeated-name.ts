export type JsonPath = readonly (string | number)[];

/** An object or list that contains the current place; `names` is undefined for a list. */
interface Frame {
  readonly names: Set<string> | undefined;
  /** The current name, or the current index of the list. */
  at: string | number;
}

const [quote, comma, backslash] = [0x22, 0x2c, 0x5c];
const [minus, zero, nine] = [0x2d, 0x30, 0x39];
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

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
  let frame: Frame | undefined;
  let isName = false;
  const path = () => frames.map((each) => each.at);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === minus || (code >= zero && code <= nine)) {
      const end = endOfNumber(text, at);
      onNumber?.(text.slice(at, end), path);
      at = end - 1;
      continue;
    }
    switch (code) {
      case openObject:
        frame = { names: new Set(), at: '' };
        frames.push(frame);
        isName = true;
        break;
      case openList:
        frame = { names: undefined, at: 0 };
        frames.push(frame);
        isName = false;
        break;
      case closeObject:
      case closeList:
        frames.pop();
        frame = frames.at(-1);
        isName = false;
        break;
      case comma:
        isName = frame?.names !== undefined;
        if (typeof frame?.at === 'number') frame.at += 1;
        break;
      case quote: {
        const end = endOfString(text, at);
        if (isName && frame?.names !== undefined) {
          frame.at = nameIn(text.slice(at, end + 1));
          if (frame.names.has(frame.at)) return path();
          frame.names.add(frame.at);
          isName = false;
        }
        at = end;
        break;
      }
    }
  }
  return undefined;
}

/** Returns the index behind the number that begins at `start`: where white space, a comma or a bracket is. */
function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && !endsNumber(text.charCodeAt(end))) end += 1;
  return end;
}

const endsNumber = (code: number) =>
  code <= 0x20 || code === comma || code === closeList || code === closeObject;

/** Returns the index of the quote that ends the string which begins at `start`; the end of the text when there is none. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text.charCodeAt(before) === backslash) before -= 1;
  return (at - before) % 2 === 0;
}

const nameIn = (quoted: string): string => (quoted.includes('\\') ? JSON.parse(quoted) : quoted.slice(1, -1));
