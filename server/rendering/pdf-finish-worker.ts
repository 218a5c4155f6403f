/** The thread in which finished pages get their last touch, so that the server's event loop is left alone. */
import { parentPort, workerData } from 'node:worker_threads';
import { checkPrinted } from './check-printed.js';
import { lowerThread } from './low-priority.js';
import { finishPdf, type FinishJob } from './pdf-mends.js';

lowerThread((workerData as { nice: number }).nice);

interface Order {
  id: number;
  pdf: Uint8Array;
  job: FinishJob;
  texts: readonly string[];
}

parentPort?.on('message', ({ id, pdf, job, texts }: Order) => {
  finish(pdf, job, texts).then(
    ({ done, wrong }) => {
      // pdf-lib's answer stands in a buffer of its own; it is handed over, not copied.
      const whole = done.byteLength === done.buffer.byteLength ? done : done.slice();
      parentPort?.postMessage({ id, pdf: whole, wrong }, [whole.buffer as ArrayBuffer]);
    },
    (error: unknown) => parentPort?.postMessage({ id, problem: String(error) }),
  );
});

async function finish(pdf: Uint8Array, job: FinishJob, texts: readonly string[]) {
  const done = await finishPdf(pdf, job);
  const wrong = texts.length > 0 ? await checkPrinted(done, texts) : null;
  return { done, wrong };
}
