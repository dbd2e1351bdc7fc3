/** An object or list that contains the current place; `names` is undefined for a list. */
interface Frame {
  readonly names: Set<string> | undefined;
  /** The current name, or the current index of the list. */
  at: string | number;
}

const [quote, comma, backslash] = [0x22, 0x2c, 0x5c];
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Returns the path of the first name that appears twice in one object; undefined when none does. The text must be JSON
 * that `JSON.parse` has accepted, which silently keeps the last value. Names are compared after unescaping.
 */
export function repeatedName(text: string): readonly (string | number)[] | undefined {
  const frames: Frame[] = [];
  let frame: Frame | undefined;
  let isName = false;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
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
          if (frame.names.has(frame.at)) return frames.map((each) => each.at);
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

/** Returns the index of the quote that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text.charCodeAt(before) === backslash) before -= 1;
  return (at - before) % 2 === 0;
}

const nameIn = (quoted: string): string => (quoted.includes('\\') ? JSON.parse(quoted) : quoted.slice(1, -1));
