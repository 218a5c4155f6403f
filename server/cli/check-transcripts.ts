/** Whether each transcript's state, name and number are what the audit chain and its own frozen data say. */
import type { AuditEntry, AuditKeys } from '../audit/audit-entry.js';
import { listEntriesOn } from '../audit/chain-records.js';
import type { SchoolScope } from '../db/database.js';
import { historyOf, printedOf, transcriptStateOf } from '../transcript/transcript-history.js';
import { wasIssued } from '../transcript/transcript.js';
import { listTranscriptsAfter } from '../transcript/transcript-records.js';

const batch = 200;

export async function checkTranscripts(
  scope: SchoolScope,
  keys: AuditKeys,
  say: (kind: 'transcript' | 'file', id: string, problem: string) => void,
): Promise<void> {
  for (let after = ''; ;) {
    const found = await listTranscriptsAfter(scope, after, batch);
    const entries = new Map<string, AuditEntry[]>();
    for (const entry of await listEntriesOn(
      scope,
      'transcript',
      found.map(({ id }) => id),
    ))
      entries.set(entry.subject.id, [...(entries.get(entry.subject.id) ?? []), entry]);
    for (const transcript of found) {
      const { id, state, number, studentName, code } = transcript;
      const history = historyOf(keys, entries.get(id) ?? []);
      // Without an entry it is told elsewhere that there is none.
      if (!history || !wasIssued(transcript)) continue;
      const printed = printedOf(transcript);
      const chained = transcriptStateOf(transcript, history);
      if (state !== chained)
        say('transcript', id, `it says "${state}", but the audit chain says "${chained}"`);
      if (history.sha256 !== transcript.pdf.sha256)
        say('transcript', id, 'its PDF is not the one in the audit chain');
      if (number !== history.number) say('transcript', id, 'its number is not the one in the audit chain');
      if (printed.student !== null && printed.student !== studentName)
        say('transcript', id, 'its name is not the one that was printed');
      if (printed.code !== null && printed.code !== code)
        say('transcript', id, 'its code is not the one that was printed');
    }
    const last = found.at(-1);
    if (!last || found.length < batch) return;
    after = last.id;
  }
}
