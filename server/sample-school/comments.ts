/** What panelists write, by goal and by how far the work has come. `{hook}` is something of the student's own work. */
import type { SeatRole } from '../exhibitions/seats/seat.js';
import { pick, type SeededChance } from './seeded.js';

type Band = 'low' | 'middle' | 'high';

const bank: Record<string, Record<Band, readonly string[]>> = {
  'knowing-how-to-learn': {
    low: [
      'I could not yet see how one step led to the next. A dated log of {hook} would show it.',
      'When it got stuck the answer was to try harder, not to try differently. Who could have helped with {hook}?',
      'The plan changed and nobody wrote down why.',
    ],
    middle: [
      'Knows what went wrong in {hook} and has begun to say what would be done first next time.',
      'Asked for help at the right moment. The next step is to ask before the moment comes.',
      'Two good detours, one of them recorded. Keep the record of both.',
    ],
    high: [
      'Shows every version of {hook} and what each one taught. I learned how to learn from it.',
      'Changed direction on purpose, with a reason and a date. Rare at any age.',
      'Could tell us what is still not understood, precisely. That is the goal.',
    ],
  },
  'empirical-reasoning': {
    low: [
      'One try is an anecdote. What would happen with {hook} on another day?',
      'I missed a comparison: against what did it get better?',
      'The conclusion came before the evidence.',
    ],
    middle: [
      'The evidence in {hook} is real and carefully kept; other explanations are mentioned but not tested.',
      'A fair test with one loose end, which was named when we asked.',
      'Good observations. Next time decide in advance what would count against the idea.',
    ],
    high: [
      'Looked for the result that would prove the idea wrong, and reported it. That is why {hook} convinced me.',
      'Separated what was seen from what was thought. I would trust {hook}.',
      'Found the flaw before the panel did, and measured how much it matters.',
    ],
  },
  'quantitative-reasoning': {
    low: [
      'Numbers stand beside the work and not yet in it. What do they say about {hook}?',
      'Units got lost between the table and the talk.',
      'A graph without a title cannot answer my question.',
    ],
    middle: [
      'The arithmetic behind {hook} holds. How sure are we, though? A margin would tell.',
      'Chose a sensible measure and explained it. The average hides an interesting spread.',
      'Solid work with numbers; the step from table to claim was quick.',
    ],
    high: [
      'Knew how uncertain every figure was and said so without being asked.',
      'Explained the mathematics of {hook} completely, and so clearly that I could pass it on.',
      'Used a model, tested it, and told us where it stops being true.',
    ],
  },
  'social-reasoning': {
    low: [
      'Whom does this concern besides the maker? I would have liked to hear one other voice.',
      'The history of {hook} was missing; it did not begin this year.',
      'Speaks about people who could have been asked.',
    ],
    middle: [
      'Listens well to those who are affected. Their disagreement could have more room.',
      'Sees who gains from {hook} and who pays for it. One sentence weighs that; it deserves a page.',
      'Good sense of the neighborhood, thinner on how it came to be so.',
    ],
    high: [
      'Let other people change the project, and can say who changed what in {hook}.',
      'Considered who pays, who decides and who is missing from the room.',
      'Treated consent as part of the method. I take that home with me.',
    ],
  },
  communication: {
    low: [
      'The card was in the way. The minutes without it were the best.',
      'For the first five minutes I did not know what to make of {hook}.',
      'Speaks fast and low at the end of each sentence, just where the point is.',
    ],
    middle: [
      'Clear from the middle on. Beginning with {hook} would have saved the beginning.',
      'Answers were better than the talk: more questions sooner!',
      'Good pictures. Words on the slides could be half as many.',
    ],
    high: [
      'Had the whole room leaning forward over {hook}, and knew when to be silent.',
      'Explained it three ways to three people without talking down to anyone.',
      'I forgot that I was on a panel.',
    ],
  },
  'personal-qualities': {
    low: [
      'Deadlines moved more often than the work did. Small promises first.',
      'Works alone when it gets hard. Somebody would have liked to help with {hook}.',
      'There is more courage here than was shown today.',
    ],
    middle: [
      'Came back to {hook} after a bad week, which counts for a lot.',
      'Reliable, kind, a little too modest when the credit is due.',
      'Takes criticism with interest. Now pass some on to others.',
    ],
    high: [
      'Kept at {hook} when nobody was looking, and was honest about the day when it failed.',
      'Makes the people nearby better. Three of them came to say so.',
      'Carries responsibility lightly and means it.',
    ],
  },
};

const overall: Record<SeatRole, readonly string[]> = {
  advisor: [
    'A step further than last time, and in the direction that was planned. We will talk about {hook} on Monday.',
    'What I want to keep from today is the answer to the second question. The rest is in my narrative.',
    'I know how much work stands behind {hook}; today the others could see it, too.',
  ],
  teacher: [
    'I would use {hook} in my own class tomorrow.',
    'Strong in the middle, hurried at the end. The work deserves its last five minutes.',
    'Came for the topic and stayed for the way of thinking.',
    'Sound work. I disagree with one conclusion and enjoyed disagreeing.',
  ],
  peer: [
    'I did not know you could do a project on this. Now I want to see {hook} for real.',
    'You were nervous and it was still good. Mine is next week, I will steal how you began.',
    'The part with {hook} was the best: it was so quiet that nobody even coughed.',
  ],
  family: [
    'I have lived with {hook} in my kitchen for months, and today I understood why.',
    'Proud. Also surprised, I admit it.',
    'At home we hear only the trouble. Thank you for letting us see the whole.',
  ],
  mentor: [
    'On the job I would hand over {hook} without looking twice.',
    'Asks before touching, which I cannot say of everyone I employ.',
    'Needs more hours at the bench and less at the screen, and knows it.',
  ],
  guest: [
    'I came as a stranger and would come again.',
    'My own work is not far from this. I would like to be asked for advice on {hook}.',
    'Honest about the limits. That is what made me believe the rest.',
  ],
};

const bandOf = (stand: number): Band => (stand < 0.42 ? 'low' : stand < 0.7 ? 'middle' : 'high');

const filled = (text: string, hook: string): string => {
  const words = text.replaceAll('{hook}', hook);
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** A remark on one goal; empty when the rubric asks for something that the bank does not know. */
export function remark(
  chance: SeededChance,
  criterionId: string,
  stand: number,
  hooks: readonly string[],
): string {
  const bands = bank[criterionId];
  return bands ? filled(pick(chance, bands[bandOf(stand)]), pick(chance, hooks)) : '';
}

export const lastWord = (chance: SeededChance, role: SeatRole, hooks: readonly string[]): string =>
  filled(pick(chance, overall[role]), pick(chance, hooks));
