/** What pages and programs see of a rubric. */
import { DEFAULT_SHARE, describedLevelIds, isRequired, type Rubric } from './rubric.js';

export function rubricLine(rubric: Rubric, hash: string) {
  return {
    slug: rubric.slug,
    hash,
    title: rubric.title,
    description: rubric.description ?? null,
    language: rubric.language,
    levels: rubric.levels.map(({ id, name, between }) => ({ id, name, between: between ?? false })),
    criteria: rubric.criteria.map(({ id, name }) => ({ id, name })),
  };
}

export function rubricView(rubric: Rubric, hash: string, current: boolean) {
  const described = describedLevelIds(rubric);
  return {
    slug: rubric.slug,
    hash,
    /** False for a version that newer words have replaced. */
    current,
    title: rubric.title,
    description: rubric.description ?? null,
    credit: rubric.credit ?? null,
    language: rubric.language,
    levels: rubric.levels.map((level) => ({
      id: level.id,
      name: level.name,
      description: level.description ?? null,
      value: level.value ?? null,
      between: level.between ?? false,
      freeText: level.freeText ?? false,
    })),
    hasValues: rubric.levels.some((level) => level.value !== undefined),
    hasBetween: rubric.levels.some((level) => level.between),
    criteria: rubric.criteria.map((row) => ({
      id: row.id,
      name: row.name,
      description: row.description ?? null,
      part: row.part ?? 'both',
      unit: row.unit ?? 'individual',
      holistic: row.holistic ?? false,
      required: isRequired(row),
      asksForPin: row.evidence === 'pin',
      // Between-levels have no words; they stand in the scale on top and not in each row.
      levels: rubric.levels
        .map((level, at) => ({
          id: level.id,
          name: level.name,
          step: at + 1,
          between: level.between ?? false,
          freeText: level.freeText ?? false,
          descriptor: described.includes(level.id) ? (row.descriptors[level.id] ?? null) : null,
        }))
        .filter((level) => !level.between),
    })),
    tally: {
      policy: rubric.tally.policy,
      share: rubric.tally.policy === 'highest-agreed' ? (rubric.tally.share ?? DEFAULT_SHARE) : null,
      threshold: rubric.tally.threshold,
      voices: rubric.tally.voices ?? null,
    },
  };
}
