import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A mail may be discarded while another process is still writing its file. So a discarded mail has an empty file as a mark,
 * and whoever wrote a mail looks for the mark afterwards. A mark is kept for longer than any process needs for a mail.
 */
const MARK = /^\.([\w-]+)\.discarded$/;
const markOf = (mailId: string) => `.${mailId}.discarded`;
const KEEP_MARKS_MS = 24 * 3_600_000;

/** Marks a mail as discarded. The folder must exist. */
export async function markDiscarded(folder: string, mailId: string): Promise<void> {
  await writeFile(join(folder, markOf(mailId)), '', { mode: 0o600 });
}

/** Deletes the file of a mail, and drafts of it that a crash has left. */
export async function deleteMail(folder: string, mailId: string): Promise<void> {
  await deleteMails(folder, new Set([mailId]));
}

/** Deletes the files of all mails that are marked as discarded, and the marks that are a day old. `now` is in milliseconds. */
export async function deleteDiscarded(folder: string, now: number): Promise<void> {
  const marked = (await filesIn(folder)).flatMap((name) => MARK.exec(name)?.[1] ?? []);
  await deleteMails(folder, new Set(marked));
  for (const mailId of marked) {
    const mark = join(folder, markOf(mailId));
    const { mtimeMs = now } = (await stat(mark).catch(ignoreAbsent)) ?? {};
    if (now - mtimeMs > KEEP_MARKS_MS) await rm(mark, { force: true });
  }
}

/** Deletes the file of a mail if the mail is marked as discarded. */
export async function deleteIfDiscarded(folder: string, mailId: string): Promise<void> {
  const mark = await stat(join(folder, markOf(mailId))).catch(ignoreAbsent);
  if (mark !== undefined) await deleteMail(folder, mailId);
}

async function deleteMails(folder: string, mailIds: ReadonlySet<string>): Promise<void> {
  if (mailIds.size === 0) return;
  for (const name of await filesIn(folder)) {
    // Names begin with the id of the mail and a dot.
    const [mailId = ''] = name.split('.', 1);
    if (mailIds.has(mailId)) await rm(join(folder, name), { force: true });
  }
}

const filesIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder).catch(ignoreAbsent)) ?? [];

function ignoreAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
