/** What a transcript says of one exhibition in words of the product's own: attempts, groups, roles and outcomes. */
import type { Translate } from './goal-view.js';
import type { TranscriptExhibition } from './snapshot.js';

/** That somebody did not present alone, and which rows say something about the whole group. */
function groupLine({ together }: TranscriptExhibition, t: Translate): string | null {
  if (!together) return null;
  const { students: count, criteria } = together;
  return criteria.length > 0
    ? t('transcript.exhibitions.together-rows', { count, rows: criteria.join(', ') })
    : t('transcript.exhibitions.together', { count });
}

/** A role in words; one that no text is known for is shown as it was written. */
function roleName(role: string, t: Translate): string {
  const known = ['advisor', 'teacher', 'peer', 'family', 'mentor', 'guest', 'external'];
  return known.includes(role) ? t(`transcript.roles.${role}`) : role;
}

export const exhibitionWords = (exhibition: TranscriptExhibition, t: Translate) => ({
  formatName: t(`transcript.formats.${exhibition.format}`),
  again:
    exhibition.attempt > 1 || exhibition.otherAttempts
      ? t('transcript.exhibitions.attempt', { attempt: exhibition.attempt })
      : null,
  others: (exhibition.otherAttempts ?? []).map(({ attempt, on }) => ({
    label: t('transcript.exhibitions.attempt', { attempt }),
    on,
  })),
  group: groupLine(exhibition, t),
  outcome: exhibition.met ? t(`transcript.exhibitions.${exhibition.met.outcome}`) : null,
  missed: exhibition.met?.missed ?? [],
  panel: exhibition.panel.map(({ name, role }) => ({ name, role: roleName(role, t) })),
  outcomes: exhibition.outcomes.map(({ criterion, level }) => ({
    criterion,
    level: level ?? t('transcript.goals.not-observed'),
  })),
});

/** Outcomes set two to a line, three lines to a block: a page may end between blocks, and none of them is smaller. */
const BLOCK = 6;

export function outcomeBlocks<Outcome>(outcomes: readonly Outcome[]): Outcome[][] {
  const count = outcomes.length === 0 ? 0 : Math.max(1, Math.floor((outcomes.length + 1) / BLOCK));
  return Array.from({ length: count }, (_, at) =>
    outcomes.slice(at * BLOCK, at === count - 1 ? undefined : (at + 1) * BLOCK),
  );
}
