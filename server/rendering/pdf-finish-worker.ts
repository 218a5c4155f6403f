/** The thread in which finished pages get their last touch, so that the server's event loop is left alone. */
import { parentPort, workerData } from 'node:worker_threads';
import { lowerThread } from './low-priority.js';
import { finishPdf, type FinishJob } from './pdf-mends.js';

lowerThread((workerData as { nice: number }).nice);

parentPort?.on('message', ({ id, pdf, job }: { id: number; pdf: Uint8Array; job: FinishJob }) => {
  finishPdf(pdf, job).then(
    (done) => {
      // pdf-lib's answer stands in a buffer of its own; it is handed over, not copied.
      const whole = done.byteLength === done.buffer.byteLength ? done : done.slice();
      parentPort?.postMessage({ id, pdf: whole }, [whole.buffer as ArrayBuffer]);
    },
    (error: unknown) => parentPort?.postMessage({ id, problem: String(error) }),
  );
});
