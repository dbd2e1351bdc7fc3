import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const markdownIn = (folder: string): string[] =>
  readdirSync(resolve(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `${folder}/${path}`);
const documents = ['README.md', 'CONTRIBUTING.md', 'embedded/README.md', ...markdownIn('docs')];

/** Files that the reader adds when following an example of CONTRIBUTING.md. */
const ADDED_BY_EXAMPLES = /set-gift-message|carriers/;

const textOf = (path: string): string => readFileSync(resolve(root, path), 'utf8');
const withoutCode = (markdown: string): string =>
  markdown.replaceAll(/^```.*?^```/gms, '').replaceAll(/`[^`\n]*`/g, '');

/** Returns the anchors of a document: GitHub makes one from each heading. */
function anchorsOf(path: string): ReadonlySet<string> {
  const headings = textOf(path)
    .replaceAll(/^```.*?^```/gms, '')
    .matchAll(/^#+ (.+)$/gm);
  const anchors = new Set<string>();
  for (const [, heading = ''] of headings) {
    const anchor = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    let count = 0;
    while (anchors.has(count === 0 ? anchor : `${anchor}-${count}`)) count += 1;
    anchors.add(count === 0 ? anchor : `${anchor}-${count}`);
  }
  return anchors;
}

/** Returns the links of a document, except those to other sites. */
const linksOf = (path: string): string[] =>
  [...withoutCode(textOf(path)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link));

function isBroken(from: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? from : resolve(root, dirname(from), file);
  if (!existsSync(resolve(root, target))) return true;
  return anchor !== undefined && !anchorsOf(target).has(anchor);
}

/** Returns the paths that braces stand for: `a/{b,c}.ts` is `a/b.ts` and `a/c.ts`. */
function expandBraces(path: string): string[] {
  const [whole, inside] = /\{([^{}]*)\}/.exec(path) ?? [];
  if (whole === undefined || inside === undefined) return [path];
  return inside.split(',').flatMap((part) => expandBraces(path.replace(whole, part)));
}

/** Returns the source files that a document names in code marks: as paths from the root, or from the folder of the document. */
const filesOf = (path: string): string[] =>
  [...textOf(path).matchAll(/`([a-z-]+\/[\w./{},-]+\.(?:ts|cjs))`/g)].flatMap(([, named = '']) =>
    expandBraces(named),
  );

/** Returns the titles of tests that a document quotes after the name of a spec: `a.spec.ts` ("a title", "another"). */
const titlesOf = (path: string): { readonly spec: string; readonly title: string }[] =>
  [...textOf(path).matchAll(/`([\w./-]+\.spec\.ts)` \((("[^"]+"(, )?)+)\)/g)].flatMap(
    ([, spec = '', quoted = '']) =>
      [...quoted.matchAll(/"([^"]+)"/g)].map(([, title = '']) => ({ spec, title })),
  );

describe.each(documents)('%s', (path) => {
  it('has only links to files and headings that exist', () =>
    expect(linksOf(path).filter((link) => isBroken(path, link))).toEqual([]));

  it('names only source files that exist', () => {
    const exists = (file: string) =>
      existsSync(resolve(root, file)) || existsSync(resolve(root, dirname(path), file));
    const missing = filesOf(path).filter((file) => !exists(file) && !ADDED_BY_EXAMPLES.test(file));
    expect(missing).toEqual([]);
  });

  it('quotes only titles of tests that exist', () =>
    expect(titlesOf(path).filter(({ spec, title }) => !textOf(spec).includes(title))).toEqual([]));
});

describe('the check of links', () => {
  it('finds a missing file, a missing heading, and a missing heading of another file', () => {
    expect(isBroken('README.md', 'docs/missing.md')).toBe(true);
    expect(isBroken('README.md', '#missing')).toBe(true);
    expect(isBroken('docs/architecture.md', 'fulfilment.md#missing')).toBe(true);
    expect(isBroken('docs/architecture.md', 'fulfilment.md#waits')).toBe(false);
  });
});
