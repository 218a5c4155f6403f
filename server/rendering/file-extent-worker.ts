/**
 * The thread in which the length of files is found: it sees no disk and no network, only the parts that it is given.
 */
import { parentPort } from 'node:worker_threads';
import { ADTS, CustomSource, FLAC, Input, MATROSKA, MP3, MP4, OGG, QTFF, WAVE, WEBM } from 'mediabunny';
import { getDocument, PDFDataRangeTransport } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { ExtentOrder, ExtentReply, FileExtent } from './file-extent.js';

const port = parentPort;
type Part = (from: number, until: number) => Promise<Uint8Array>;
const reply = (answer: ExtentReply): void => port?.postMessage(answer);

let current = 0;
let given: (part: Uint8Array) => void = () => undefined;

/** Parts are given in the order in which they are asked for, one at a time. */
function partsOf(file: number): Part {
  let before: Promise<unknown> = Promise.resolve();
  return (from, until) => {
    const answer = before.then(
      () =>
        new Promise<Uint8Array>((resolve) => {
          if (file !== current) return;
          given = resolve;
          reply({ file, from, until });
        }),
    );
    before = answer;
    return answer;
  };
}

port?.on('message', (order: ExtentOrder) => {
  const { file } = order;
  if ('part' in order) {
    if (file === current) given(order.part);
    return;
  }
  current = file;
  const found = (order.kind === 'pdf' ? pagesOf : secondsOf)(order.bytes, partsOf(file));
  found.then(
    (extent) => reply({ file, extent }),
    () => reply({ file, extent: {} }),
  );
});

const PDF_PART = 256 * 1024;

/** The number that the document's own table says; pages themselves are not read. */
async function pagesOf(length: number, part: Part): Promise<FileExtent> {
  const source = new PDFDataRangeTransport(length, null);
  source.requestDataRange = (from, until) => {
    void part(from, Math.min(until, length)).then((bytes) =>
      source.onDataRange(from, Uint8Array.from(bytes)),
    );
  };
  const task = getDocument({
    range: source,
    rangeChunkSize: PDF_PART,
    ...{ disableAutoFetch: true, disableStream: true, verbosity: 0 },
    ...{ isEvalSupported: false, useSystemFonts: false, disableFontFace: true },
  });
  try {
    const { numPages } = await task.promise;
    return numPages > 0 ? { pages: numPages } : {};
  } finally {
    await task.destroy();
  }
}

/** Read from the recording itself where its head does not say it, as with what a browser has recorded. */
async function secondsOf(length: number, part: Part): Promise<FileExtent> {
  const input = new Input({
    source: new CustomSource({
      getSize: () => length,
      read: part,
      prefetchProfile: 'fileSystem',
      handleUnhandledError: () => undefined,
    }),
    // Formats that name other files are not among them.
    formats: [MP4, QTFF, WEBM, MATROSKA, MP3, WAVE, OGG, ADTS, FLAC],
  });
  try {
    const seconds = await input.computeDuration();
    return Number.isFinite(seconds) && seconds > 0 ? { seconds: Math.ceil(seconds * 100) / 100 } : {};
  } finally {
    input.dispose();
  }
}
