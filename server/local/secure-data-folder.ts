/**
 * DATA_DIR holds everything about everybody: its folders belong to their owner alone (0700) and so do its
 * files (0600, programs 0700). Earlier versions, copies and restored backups may have left them open, so
 * every start looks. What belongs to somebody else is named.
 */
import { chmod, lstat, mkdir, opendir } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from '../project-root.js';

const shared = 0o077;
const ownFolders = ['database', 'run', 'keys', 'files', 'tools'];

/**
 * Takes the rights of the group and of others away, everywhere below the folder; symbolic links are not followed.
 * @returns what could not be changed, as paths
 */
export async function secureDataFolder(dataDir: string): Promise<string[]> {
  if (process.platform === 'win32') return [];
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const failed: string[] = [];
  // A folder that holds more than our data, such as a home folder, is not ours to close.
  const isOurs = !`${projectRoot}${path.sep}`.startsWith(`${dataDir}${path.sep}`);
  const places = isOurs ? [dataDir] : ownFolders.map((name) => path.join(dataDir, name));
  for (const place of places) await secure(place, failed);
  return failed;
}

async function secure(place: string, failed: string[]): Promise<void> {
  const found = await lstat(place).catch(ignoreMissing);
  if (!found || found.isSymbolicLink()) return;
  if (found.mode & shared) {
    await chmod(place, found.mode & 0o700)
      .catch(ignoreMissing)
      .catch(() => failed.push(place));
  }
  if (!found.isDirectory()) return;
  const folder = await opendir(place).catch(() => null);
  if (folder === null) return;
  for await (const { name } of folder) await secure(path.join(place, name), failed);
}

/** The database and running tools remove files of theirs meanwhile. */
function ignoreMissing(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
  throw error;
}
