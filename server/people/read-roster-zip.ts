/** Unpacks a roster zip in memory, within limits that a zip bomb runs into. Only CSV files are looked at. */
import yauzl from 'yauzl';
import { unreadable } from './read-table.js';

const MAX_ZIP_FILES = 100;
const MAX_ZIP_BYTES = 150 * 1024 * 1024;

/**
 * @returns the CSV files by their lower-case name without folders
 * @param isRead whether it matters which file of this name is read
 * @throws InvalidInput for `roster` when the archive is damaged, encrypted or too large unpacked, or has two
 *   files of one name
 */
export async function readRosterZip(
  bytes: Buffer,
  isRead: (name: string) => boolean,
): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const paths = new Map<string, string>();
  let twice: { name: string; first: string; second: string } | null = null;
  let left = MAX_ZIP_BYTES;
  try {
    const zip = await yauzl.fromBufferPromise(bytes, { strictFileNames: false });
    if (zip.entryCount > MAX_ZIP_FILES)
      throw unreadable('people.import.problem.zip-files', { maximum: MAX_ZIP_FILES });
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName.split('/').at(-1)!.toLowerCase();
      if (!name.endsWith('.csv') || entry.fileName.includes('__MACOSX')) continue;
      const content = await readEntry(zip, entry, left);
      left -= content.length;
      const first = paths.get(name);
      if (first !== undefined && (twice === null || isRead(name)))
        twice = { name, first, second: entry.fileName };
      paths.set(name, entry.fileName);
      files.set(name, content);
    }
    if (twice && (isRead(twice.name) || !files.has('users.csv')))
      throw unreadable('people.import.problem.zip-twice', { first: twice.first, second: twice.second });
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidInput') throw error;
    throw unreadable('people.import.problem.zip-broken');
  }
  return files;
}

/**
 * Bytes that a roster has once it is read: of a zip, what its files say they have; reading one that says too
 * little ends with an error. What is no zip, or a damaged one, which is refused at once, has the bytes that
 * it has.
 */
export async function unpackedBytes(bytes: Buffer): Promise<number> {
  if (bytes.subarray(0, 2).toString('latin1') !== 'PK') return bytes.length;
  try {
    const zip = await yauzl.fromBufferPromise(bytes, { strictFileNames: false });
    let unpacked = bytes.length;
    if (zip.entryCount > MAX_ZIP_FILES) return unpacked;
    for await (const entry of zip.eachEntry()) unpacked += entry.uncompressedSize;
    return unpacked;
  } catch {
    return bytes.length;
  }
}

/** Counts while it unpacks: the size that the archive claims may be a lie. */
async function readEntry(zip: yauzl.ZipFile, entry: yauzl.Entry, left: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  const stream = await zip.openReadStreamPromise(entry);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > left) {
      stream.destroy();
      throw unreadable('people.import.problem.zip-large', { maximum: MAX_ZIP_BYTES / 1024 / 1024 });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
