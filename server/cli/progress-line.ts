/** A progress bar on one line of a terminal; silent where nobody watches. */
export interface ProgressLine {
  step(): void;
  end(): void;
}

const width = 30;

export function progressLine(
  to: NodeJS.WriteStream,
  total: number,
  wanted: boolean,
  now: () => number = Date.now,
): ProgressLine {
  const started = now();
  let done = 0;
  const shown = wanted && to.isTTY;
  const draw = () => {
    const filled = total === 0 ? width : Math.round((done / total) * width);
    const left =
      done === 0 ? '' : ` ${Math.ceil((((now() - started) / done) * (total - done)) / 1000)} s left`;
    to.write(`\r[${'█'.repeat(filled)}${'·'.repeat(width - filled)}] ${done} of ${total}${left}\u001b[K`);
  };
  return {
    step() {
      done += 1;
      if (shown) draw();
    },
    end() {
      if (shown) to.write('\r\u001b[K');
    },
  };
}
