/** What is asked before a change that would take something away for good: found out, and shown beside the form. */
import type { Call } from '../http/route.js';
import { lossOfRemoval, lossOfRubric, readQuestion, withoutLosses, type Asked } from './ask-first.js';
import type { PortfolioChange } from './change-portfolio.js';
import { changeFrom } from './read-portfolio.js';
import type { Portfolio } from './portfolio.js';
import { workView, type KnownWorks } from './portfolio-view.js';

type AskCall = Pick<Call, 'context'>;

const rubricOf = ({ context }: AskCall, slug: string | null) =>
  context.rubrics.list().find((rubric) => rubric.slug === slug) ?? null;
const criteriaOf =
  (call: AskCall) =>
  (slug: string | null): string[] =>
    (rubricOf(call, slug)?.criteria ?? []).map(({ id }) => id);

/** @param wanted what was sent, with everything that its buttons do */
export function askAbout(
  call: AskCall & { body: Parameters<typeof changeFrom>[1] },
  portfolio: Portfolio,
  wanted: PortfolioChange,
): Asked {
  const { body } = call;
  const [act, entryId = ''] = (body.move ?? '').split(':');
  const typed = changeFrom(portfolio, { ...body, move: undefined });
  return withoutLosses(portfolio, wanted, typed, act === 'remove' ? entryId : null, criteriaOf(call));
}

/** Null where there is nothing to ask about any more. @param text as the address says it */
export function askedView(call: AskCall, portfolio: Portfolio, works: KnownWorks, text: string | undefined) {
  const question = readQuestion(text);
  if (!question) return null;
  if (question.act === 'remove') {
    const entry = portfolio.entries.find(({ id }) => id === question.entryId);
    const loss = lossOfRemoval(portfolio, question.entryId);
    if (!entry || !loss) return null;
    return { ...question, ...loss, title: workView(works, entry.artifactId)?.title ?? null };
  }
  const rubric = rubricOf(call, question.slug);
  if (question.slug !== null && !rubric) return null;
  const loss = lossOfRubric(portfolio, criteriaOf(call)(question.slug));
  return loss && { ...question, ...loss, title: rubric?.title ?? null };
}
