/** Hashes an uploaded file on its way through and keeps nothing of it. */
import { createHash } from 'node:crypto';
import type { StorageEngine } from 'multer';
import { formReader } from '../http/form-reader.js';

/** Larger than any transcript. */
const MAX_COMPARED_BYTES = 64 * 1024 * 1024;

export interface HashedUpload {
  sha256: string;
  bytes: number;
}

const hashing: StorageEngine = {
  _handleFile(_request, file, done) {
    const hash = createHash('sha256');
    let bytes = 0;
    file.stream.on('data', (chunk: Buffer) => {
      hash.update(chunk);
      bytes += chunk.length;
    });
    file.stream.once('error', done);
    file.stream.once('end', () => done(null, { size: bytes, filename: hash.digest('hex') }));
  },
  _removeFile: (_request, _file, done) => done(null),
};

/** Reads the multipart field `file`. */
export const readComparedFile = formReader({
  storage: hashing,
  limits: { files: 1, fields: 5, fieldSize: 10_000, fileSize: MAX_COMPARED_BYTES },
}).single('file');

export function hashedUpload(request: {
  file?: { filename: string; size: number } | undefined;
}): HashedUpload | null {
  return request.file ? { sha256: request.file.filename, bytes: request.file.size } : null;
}
