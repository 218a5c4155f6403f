/**
 * A PDF as Chromium writes it (plain cross-reference table, one revision), opened for small changes: bodies
 * of objects are read and replaced as they stand in the file, everything else is copied untouched. Reading
 * and writing one costs a millisecond, where a full parse costs fifteen. Refuses any other form of PDF.
 */
export class UnknownPdfForm extends Error {
  override name = 'UnknownPdfForm';
}

interface Entry {
  start: number;
  end: number;
}

const latin1 = (bytes: Uint8Array) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

export class PdfFile {
  readonly root: number;
  readonly info: number;
  private readonly entries = new Map<number, Entry>();
  private readonly changed = new Map<number, Buffer>();
  private readonly bytes: Buffer;
  private next: number;

  constructor(pdf: Uint8Array) {
    this.bytes = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
    const tail = latin1(this.bytes.subarray(-2048));
    const tableAt = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(tail)?.[1] ?? NaN);
    const table = Number.isNaN(tableAt) ? '' : latin1(this.bytes.subarray(tableAt));
    const head = /^xref\n0 (\d+)\n/.exec(table);
    const trailer = table.slice(table.lastIndexOf('trailer'));
    if (!head || /\/(Prev|Encrypt)\b/.test(trailer))
      throw new UnknownPdfForm('Not a PDF with one plain cross-reference table');
    const count = Number(head[1]);
    const offsets: [number, number][] = [];
    for (let number = 0; number < count; number += 1) {
      const row = table.slice(head[0].length + number * 20, head[0].length + number * 20 + 20);
      if (row[17] === 'n') offsets.push([number, Number(row.slice(0, 10))]);
    }
    offsets.sort((a, b) => a[1] - b[1]);
    offsets.forEach(([number, start], index) =>
      this.entries.set(number, { start, end: offsets[index + 1]?.[1] ?? tableAt }),
    );
    this.next = count;
    this.root = reference(trailer, 'Root');
    this.info = reference(trailer, 'Info');
  }

  /** Numbers of all objects, in the order of the file. */
  numbers(): number[] {
    return [...this.entries.keys()];
  }

  /** What stands between `obj` and `endobj`. */
  body(number: number): Buffer {
    const known = this.changed.get(number);
    if (known) return known;
    const entry = this.entries.get(number);
    if (!entry) throw new UnknownPdfForm(`Object ${number} is missing`);
    const whole = this.bytes.subarray(entry.start, entry.end);
    const from = whole.indexOf('obj') + 4;
    return whole.subarray(from, whole.lastIndexOf('endobj'));
  }

  /** The dictionary of an object as text, without a stream's data. */
  dictionary(number: number): string {
    const body = this.body(number);
    const stream = body.indexOf('stream\n');
    return latin1(stream < 0 ? body : body.subarray(0, stream));
  }

  /** The data of a stream object, as they stand there (packed or not). */
  stream(number: number): Buffer {
    const body = this.body(number);
    const from = body.indexOf('stream\n') + 7;
    const length = Number(/\/Length (\d+)(?! \d+ R)/.exec(this.dictionary(number))?.[1] ?? NaN);
    if (from < 7 || Number.isNaN(length))
      throw new UnknownPdfForm(`Object ${number} has no stream of a known length`);
    return body.subarray(from, from + length);
  }

  replace(number: number, body: string | Buffer): void {
    this.changed.set(number, typeof body === 'string' ? Buffer.from(`${body}\n`, 'latin1') : body);
  }

  add(body: string | Buffer): number {
    const number = this.next;
    this.next += 1;
    this.entries.set(number, { start: -1, end: -1 });
    this.replace(number, body);
    return number;
  }

  /** Adds entries at the end of an object's dictionary. */
  extend(number: number, entries: string): void {
    const text = this.dictionary(number);
    const end = text.lastIndexOf('>>');
    if (end < 0) throw new UnknownPdfForm(`Object ${number} is not a dictionary`);
    this.replace(number, `${text.slice(0, end)}\n${entries}>>`);
  }

  save(): Uint8Array {
    const first = Math.min(
      ...[...this.entries.values()].filter((entry) => entry.start >= 0).map((entry) => entry.start),
    );
    const parts: Buffer[] = [this.bytes.subarray(0, first)];
    let at = first;
    const places = new Map<number, number>();
    for (const [number, entry] of this.entries) {
      places.set(number, at);
      const changed = this.changed.get(number);
      const part = changed
        ? Buffer.concat([Buffer.from(`${number} 0 obj\n`), changed, Buffer.from('endobj\n')])
        : this.bytes.subarray(entry.start, entry.end);
      parts.push(part);
      at += part.length;
    }
    const rows = ['0000000000 65535 f \n'];
    for (let number = 1; number < this.next; number += 1) {
      const place = places.get(number);
      rows.push(
        place === undefined ? '0000000000 00000 f \n' : `${String(place).padStart(10, '0')} 00000 n \n`,
      );
    }
    const end = `xref\n0 ${this.next}\n${rows.join('')}trailer\n<</Size ${this.next}\n/Root ${this.root} 0 R\n/Info ${this.info} 0 R>>\nstartxref\n${at}\n%%EOF\n`;
    parts.push(Buffer.from(end, 'latin1'));
    return Buffer.concat(parts);
  }
}

/** The object number that a dictionary names under `key`. */
export function reference(dictionary: string, key: string): number {
  const found = new RegExp(`/${key} (\\d+) 0 R`).exec(dictionary)?.[1];
  if (found === undefined) throw new UnknownPdfForm(`/${key} is missing`);
  return Number(found);
}
