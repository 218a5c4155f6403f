/** The sentence after work was brought in; whoever sent a file that is not what its name says is told so. */
import type { Call } from '../http/route.js';
import { nameDiffers } from './file-name.js';
import type { ReceivedFile } from './receive-file.js';

/** @param notice key of the usual sentence, with `count` and `number` for what it counts */
export function saidOf(call: Pick<Call, 't'>, files: readonly ReceivedFile[], notice: string, count: number) {
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
