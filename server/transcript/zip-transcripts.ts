/** Many stored PDFs as one zip that is written while it is read: memory stays small however many there are. */
import type { Readable, Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import yazl from 'yazl';
import type { Storage } from '../../storage/storage.js';
import { fileName, type IssuedTranscript } from './transcript.js';

type Zippable = Pick<IssuedTranscript, 'number' | 'studentName' | 'pdf' | 'issuedAt'>;

/**
 * Writes the zip to its end. A file that cannot be read breaks the answer off, so that nobody takes a part
 * for the whole.
 */
export async function zipOf(storage: Storage, transcripts: readonly Zippable[], to: Writable): Promise<void> {
  const zip = new yazl.ZipFile();
  let open: Readable | undefined;
  // Somebody who leaves in the middle must not keep a file open.
  to.once('close', () => open?.destroy());
  const fill = async () => {
    for (const transcript of transcripts) {
      if (to.destroyed) return;
      const body = await storage.read(transcript.pdf.key);
      open = body;
      const read = finished(body);
      zip.addReadStream(body, fileName(transcript), { mtime: transcript.issuedAt, compress: false });
      await read.catch((error: unknown) => {
        if (!to.destroyed) throw error;
      });
    }
    zip.end();
  };
  const output = zip.outputStream as unknown as NodeJS.ReadableStream & { destroy(error?: Error): void };
  const filled = fill().catch((error: unknown) => output.destroy(error as Error));
  await pipeline(output, to).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
  await filled;
}
