/** Portfolios for tests: a draft with works, or a submitted one with its snapshot. */
import { randomUUID } from 'node:crypto';
import { scriptActor } from '../../../server/access/actor.js';
import type { Pin } from '../../../server/artifacts/pin.js';
import { changePortfolio, createPortfolio } from '../../../server/portfolio/change-portfolio.js';
import { submitPortfolio } from '../../../server/portfolio/submit-portfolio.js';
import type { TestApp, TestSchool } from '../start-app.js';
import { anArtifact } from './artifacts.js';

export interface PortfolioInput {
  studentId?: string;
  title?: string;
  statement?: string;
  rubric?: string | null;
  /** Works to show; one is made when left out. */
  artifactIds?: string[];
  reflection?: string;
  criterionIds?: string[];
  /** The student's pins, by place of the work. */
  pins?: Pin[][];
}

export async function aPortfolio(app: TestApp, school: TestSchool, input: PortfolioInput = {}) {
  const studentId =
    input.studentId ?? (await school.person({ name: `Student ${randomUUID()}`, roles: ['student'] })).id;
  const artifactIds = input.artifactIds ?? [(await anArtifact(app, school, { studentId })).artifact.id];
  const words = { title: input.title ?? 'What wood can do', statement: input.statement ?? '' };
  const begun = await createPortfolio(app.context, school.scope, {
    ...words,
    studentId,
    termId: school.termId,
    rubric: input.rubric ?? null,
  });
  return changePortfolio(app.context, school.scope, scriptActor(school.scope, 'test'), begun, {
    ...words,
    rubric: input.rubric ?? null,
    entries: artifactIds.map((artifactId, at) => ({
      id: null,
      artifactId,
      reflection: input.reflection ?? 'I measured twice.',
      criterionIds: input.criterionIds ?? [],
      ...(input.pins?.[at]?.length ? { pins: input.pins[at] } : {}),
    })),
    revision: begun.revision,
  });
}

export async function aSnapshot(app: TestApp, school: TestSchool, input: PortfolioInput = {}) {
  const portfolio = await aPortfolio(app, school, input);
  const actor = scriptActor(school.scope, 'test');
  const snapshot = await submitPortfolio(app.context, school.scope, actor, portfolio, portfolio.revision);
  return { portfolio, snapshot };
}
