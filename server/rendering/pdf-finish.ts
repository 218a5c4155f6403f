/**
 * Finishes printed pages in a worker thread (see pdf-mends.ts for what is mended, check-printed.ts for what
 * is checked). One worker does for several pages at once: a page takes a few milliseconds of it, and its
 * check some more. A worker that died is replaced; what it was doing fails and is told so.
 */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { projectRoot } from '../project-root.js';
import type { PrintedProblems } from './check-printed.js';
import { PrintedWrong, PrintFailed, type PrintJob } from './printer.js';

export interface PdfFinisher {
  /** @throws PrintedWrong where `texts` of the job are not all on the pages */
  finish(pdf: Uint8Array, job: Pick<PrintJob, 'title' | 'language' | 'date' | 'texts'>): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** The built file: a thread cannot read TypeScript by itself, and tests are run after a build too. */
const workerFile = path.join(projectRoot, '.build/server/rendering/pdf-finish-worker.js');

type Answer =
  { id: number; pdf: Uint8Array; wrong: PrintedProblems | null } | { id: number; problem: string };
interface Waiting {
  resolve: (pdf: Uint8Array) => void;
  reject: (error: Error) => void;
}

/** @param nice how far the thread steps back for everything else, 0 to 19 */
export function createPdfFinisher(nice = 0): PdfFinisher {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let last = 0;

  function start(): Worker {
    const fresh = new Worker(workerFile, { workerData: { nice } });
    fresh.unref();
    fresh.on('message', (answer: Answer) => {
      const asker = waiting.get(answer.id);
      waiting.delete(answer.id);
      if (waiting.size === 0) fresh.unref();
      if ('pdf' in answer) {
        const { missing, outside } = answer.wrong ?? { missing: [], outside: [] };
        if (missing.length + outside.length > 0) asker?.reject(new PrintedWrong(missing, outside));
        else asker?.resolve(answer.pdf);
      } else asker?.reject(new PrintFailed(`The printed page could not be finished: ${answer.problem}`));
    });
    const lost = (error: unknown) => {
      if (worker === fresh) worker = undefined;
      for (const { reject } of waiting.values())
        reject(new PrintFailed('The finishing thread has ended', { cause: error }));
      waiting.clear();
    };
    fresh.on('error', lost);
    fresh.on('exit', lost);
    return fresh;
  }

  return {
    finish(pdf, { title, language, date, texts = [] }) {
      worker ??= start();
      const thread = worker;
      last += 1;
      const id = last;
      thread.ref();
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        // A buffer of its own is handed over, not copied.
        const isWhole = pdf.byteLength === pdf.buffer.byteLength;
        const handed = isWhole ? [pdf.buffer as ArrayBuffer] : [];
        const job = { title, language, date: date?.toISOString() ?? null };
        thread.postMessage({ id, pdf, job, texts }, handed);
      });
    },
    async close() {
      const ending = worker;
      worker = undefined;
      await ending?.terminate();
    },
  };
}
