/**
 * Lets a panel look at a version of a portfolio that came after it had begun to score, or stay with the one
 * that it has.
 */
import type { Actor } from '../../access/actor.js';
import { appendAudit } from '../../audit/append-audit.js';
import type { Clock } from '../../clock.js';
import type { SchoolScope } from '../../db/database.js';
import { Conflict, Forbidden } from '../../errors.js';
import { panelLock, withLocks } from '../../db/record-locks.js';
import { getExhibition } from '../exhibition-records.js';
import { memberSlotsOf, presentationIdOf } from '../groups/group.js';
import { listPortfolioOffers, mayChoosePortfolio } from './late-portfolio.js';
import { findPanelEnd } from './panel-access.js';
import { getSlot, savePortfolioChoice } from '../slots/slot-records.js';
import type { PortfolioChoice, Slot } from '../slots/slot.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';
import { listSeatFacts } from '../seats/seat-facts.js';

/**
 * @param isShown false: the panel stays with the version that it looks at
 * @throws Forbidden for anybody else, and for a chair whose access has ended; Conflict when this version is
 *   not offered (any more), and once the result of somebody of the presentation is published
 */
export async function choosePortfolio(
  needs: ExhibitionPorts & { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  slotId: string,
  { snapshotId, isShown }: { snapshotId: string; isShown: boolean },
): Promise<Slot> {
  const presentationId = presentationIdOf(await getSlot(scope, slotId));
  return withLocks(scope, [panelLock(presentationId)], async (inside) => {
    const presentation = await getSlot(inside, presentationId);
    const slot = slotId === presentationId ? presentation : await getSlot(inside, slotId);
    const exhibition = await getExhibition(inside, slot.exhibitionId);
    const seats = await listSeatFacts(needs, inside, [presentationId]);
    const panelEndedAt = await findPanelEnd(inside, presentation, exhibition, needs.clock.now());
    if (!mayChoosePortfolio(actor, exhibition, seats, panelEndedAt))
      throw new Forbidden('exhibition.problem.may-not-choose-portfolio');
    if (await needs.isPublished(inside, memberSlotsOf(presentation)))
      throw new Conflict('exhibition.problem.portfolio-published', {}, 'published');
    const offers = await listPortfolioOffers(inside, presentation, { exhibition, isPublished: false });
    if (!offers.some((offer) => offer.slotId === slotId && offer.snapshotId === snapshotId))
      throw new Conflict('exhibition.problem.not-offered', {}, 'not-offered');
    const choice: PortfolioChoice = {
      ...{ snapshotId, replaced: slot.snapshotId, shown: isShown },
      ...{ at: needs.clock.now(), by: actor.personId },
    };
    await savePortfolioChoice(inside, slotId, choice);
    const subject = { kind: 'slot', id: slotId };
    await appendAudit(inside, needs.clock, actor, 'slot.portfolio', subject, {
      ...{ snapshotId, shown: isShown, replaced: slot.snapshotId },
    });
    return presentation;
  });
}
