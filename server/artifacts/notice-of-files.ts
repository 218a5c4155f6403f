/** The sentence after work was brought in; whoever sent a file that is not what its name says is told so. */
import { InvalidInput, type AppError } from '../errors.js';
import type { Call } from '../http/route.js';
import { nameDiffers } from './file-name.js';
import type { WorkOutcome } from './add-works.js';
import type { ReceivedFile } from './store-file.js';

/** Named in a notice. */
const damagedNames = (call: Pick<Call, 'locale'>, names: readonly string[]): string =>
  new Intl.ListFormat(call.locale).format(names.map((name) => `“${name}”`));

/**
 * @param usual.notice key of the usual sentence, with `count` and `number` for what it counts
 * @param usual.damaged names of the files that were taken and cannot be shown
 */
export function uploadNotice(
  call: Pick<Call, 't' | 'locale'>,
  files: readonly ReceivedFile[],
  { notice, count, damaged }: { notice: string; count: number; damaged: readonly string[] },
) {
  if (damaged.length > 0)
    return {
      notice: 'artifacts.notice.damaged',
      noticeParams: { count: damaged.length, names: damagedNames(call, damaged) },
    };
  const [odd] = files.flatMap(({ name, type }) => {
    const differs = nameDiffers(name, type);
    return differs ? [{ name, ...differs }] : [];
  });
  if (!odd) return { notice, noticeParams: { count, number: count } };
  const [named, contains] = [odd.named, odd.contains].map((kind) => call.t(`artifacts.file-kind.${kind}`));
  return {
    notice: 'artifacts.notice.differs',
    noticeParams: { name: odd.name, named: named!, contains: contains! },
  };
}

/** So many reasons fit into a notice; the answer for programs has them all. */
const MAX_TOLD = 8;

/** Why a work was not taken, in a sentence that names it. */
function reasonOf({ t }: Pick<Call, 't'>, name: string, problem: AppError): string {
  const [field] = problem instanceof InvalidInput ? problem.fields : [];
  const key = field?.message ?? problem.messageKey;
  const text = t(key, field?.params ?? problem.params);
  return text.includes(name) ? text : t('artifacts.notice.refused', { name, reason: text });
}

/** What became of each work that was sent, in their order. */
export const outcomeViews = (call: Pick<Call, 't'>, outcomes: readonly WorkOutcome[]) =>
  outcomes.map((outcome) => ({
    name: outcome.name,
    artifactId: 'artifact' in outcome ? outcome.artifact.id : null,
    problem: 'problem' in outcome ? reasonOf(call, outcome.name, outcome.problem) : null,
    warning: isDamaged(outcome)
      ? `${call.t('artifacts.label.damaged')} ${call.t('artifacts.label.damaged-again')}`
      : null,
  }));

const isDamaged = (outcome: WorkOutcome): boolean =>
  'version' in outcome && outcome.version.file?.damaged === true;

/** The sentence after several works were sent: how many were taken, and why the others were not. */
export function noticeOfWorks(
  call: Pick<Call, 't' | 'locale'>,
  files: readonly ReceivedFile[],
  outcomes: readonly WorkOutcome[],
) {
  const reasons = outcomeViews(call, outcomes).flatMap(({ problem }) => problem ?? []);
  const taken = outcomes.length - reasons.length;
  const kept = files.filter(({ refused }) => !refused);
  const damaged = outcomes.filter(isDamaged).map(({ name }) => name);
  if (reasons.length === 0)
    return uploadNotice(call, kept, { notice: 'artifacts.notice.added', count: taken, damaged });
  const more = reasons.length - MAX_TOLD;
  const told = [
    ...reasons.slice(0, MAX_TOLD),
    ...(more > 0 ? [call.t('artifacts.notice.more-refused', { count: more })] : []),
    ...(damaged.length > 0
      ? [
          call.t('artifacts.notice.also-damaged', {
            count: damaged.length,
            names: damagedNames(call, damaged),
          }),
        ]
      : []),
  ];
  return {
    notice: 'artifacts.notice.partly',
    noticeParams: { count: taken, refused: reasons.length, reasons: told.join(' ') },
  };
}
