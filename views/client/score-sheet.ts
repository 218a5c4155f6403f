/**
 * The score sheet saves itself: each change becomes an operation with an id of its own, is kept on this
 * device until the server has acknowledged it, and is sent again as often as needed. Without this script the
 * page is an ordinary form.
 */
import {
  changeTo,
  queuedField,
  valueIn,
  queuedValue,
  type FieldAnswer,
  type QueuedChange,
} from './scoring/changes.js';
import { showConflicts } from './scoring/conflicts.js';
import * as sheet from './scoring/form.js';
import { forgetThisPage, keepThisPage } from './scoring/offline-copy.js';
import { Outbox } from './scoring/outbox.js';
import { startPins } from './scoring/pins.js';
import { offlineReview } from './scoring/review.js';
import { Sender, type Trouble } from './scoring/send.js';

async function startScoring(form: HTMLFormElement): Promise<void> {
  const { sheet: seatId = '', person = '', timeZone = 'UTC', revision = '0' } = form.dataset;
  const words = (key: string): string => form.dataset[key] ?? '';
  const lang = document.documentElement.lang;
  const state = form.querySelector<HTMLElement>('[data-state]');
  // Whoever is quicker than the store is heard all the same.
  const early: QueuedChange[] = [];
  let listener: sheet.Listener = { take: (change) => void early.push(change), draft: () => undefined };
  sheet.listen(form, {
    take: (change) => listener.take(change),
    draft: (field, value) => listener.draft(field, value),
  });
  const outbox = await Outbox.open(person, seatId);
  /** Revision that the page shows, and for words in the middle of being typed the one at which typing began. */
  let shown = Number(revision);
  const typedAt = new Map<string, number>();
  const isInConflict = (): boolean => form.querySelector('[data-conflict]') !== null;
  let trouble: Trouble | null = null;
  let evidence: { show(): void } | null = null;

  const otherPages =
    'BroadcastChannel' in window ? new BroadcastChannel(`vitrine-scores-${person}-${seatId}`) : null;
  const tellOthers = (): void => otherPages?.postMessage('changed');

  function say(text: string, troubled = false): void {
    if (state) state.textContent = text;
    state?.closest('.scoring-state')?.classList.toggle('troubled', troubled);
  }

  function sayWhereItIs(): void {
    const count = outbox.list().length;
    const number = new Intl.NumberFormat(lang).format(count);
    const waiting = words(count === 1 ? 'sayWaitingOne' : 'sayWaitingOther').replace('{n}', number);
    const lines = [];
    if (trouble && trouble.kind !== 'offline') lines.push(troubleWords(trouble));
    if (count > 0)
      lines.push((outbox.isKept ? words('sayKept') : words('sayUnkept')).replace('{waiting}', waiting));
    if (outbox.wantsSubmit) lines.push(words('saySubmitLater'));
    if (lines.length === 0 && isInConflict()) lines.push(words('sayConflicts'));
    if (lines.length > 0) say(lines.join(' · '), true);
    else saySaved(outbox.answer?.savedAt ?? null);
    form.classList.toggle('submits-later', outbox.wantsSubmit);
    document
      .querySelectorAll<HTMLElement>('[data-sign-in]')
      .forEach((link) => (link.hidden = trouble?.kind !== 'signed-out'));
    document
      .querySelectorAll<HTMLElement>('[data-hand-in]')
      .forEach((link) => (link.hidden = trouble?.kind !== 'closed'));
    document
      .querySelectorAll<HTMLElement>('[data-take-back]')
      .forEach((one) => (one.hidden = !outbox.wantsSubmit));
    evidence?.show();
    const done = form.querySelector('[data-done]');
    if (done) done.textContent = String(sheet.markDots(form));
  }

  function troubleWords(about: Trouble): string {
    if (about.kind === 'signed-out') return words('saySignedOut');
    if (about.kind === 'sealed') return words('saySealed');
    if (about.kind === 'closed') return words('sayClosed');
    if (about.kind === 'submit-refused') return about.message;
    return 'message' in about ? words('sayRefused').replace('{message}', about.message) : '';
  }

  function saySaved(savedAt: string | null): void {
    if (savedAt === null) return;
    const time = new Intl.DateTimeFormat(lang, { timeStyle: 'short', timeZone });
    say(words('saySaved').replace('{time}', time.format(new Date(savedAt))));
  }

  /** Everything that the server holds, except where this device has something newer or somebody is typing. */
  function showAnswer(answer: FieldAnswer): void {
    const sent = new Set(answer.applied);
    const waiting = new Set(
      outbox
        .list()
        .filter(({ id }) => !sent.has(id))
        .map(({ change }) => queuedField(change)),
    );
    for (const field of sheet.fieldNames(form)) {
      if (!waiting.has(field) && !typedAt.has(field))
        sheet.showValue(form, field, valueIn(answer.sheet, field));
    }
    shown = answer.revision;
    showConflicts(
      form,
      answer.conflicts,
      ({ device }) => device?.split('-')[0] === outbox.device.split('-')[0],
    );
  }

  function showWaiting(): void {
    for (const { change } of outbox.list()) {
      if (!typedAt.has(queuedField(change))) sheet.showValue(form, queuedField(change), queuedValue(change));
    }
  }

  function take(change: QueuedChange): void {
    const field = queuedField(change);
    const seen = typedAt.get(field) ?? shown;
    typedAt.delete(field);
    if (outbox.wantsSubmit) void outbox.wishSubmit(false);
    void outbox.add(change, seen).then(() => {
      tellOthers();
      sayWhereItIs();
    });
    sayWhereItIs();
    void sender.send();
  }

  const sender = new Sender(seatId, outbox, {
    sending: () => say(words('saySaving')),
    answered: showAnswer,
    acknowledged() {
      trouble = null;
      tellOthers();
      sayWhereItIs();
    },
    troubled(about) {
      trouble = about;
      sayWhereItIs();
    },
    submitted() {
      forgetThisPage();
      tellOthers();
      window.location.assign(`/seats/${seatId}/sheet`);
    },
  });

  form.classList.add('saves-itself');
  if (outbox.answer && outbox.answer.revision > shown) showAnswer({ ...outbox.answer, applied: [] });
  showWaiting();
  sheet.markDots(form);
  sheet.followDots(form);
  listener = {
    take,
    draft(field, value) {
      if (!typedAt.has(field)) typedAt.set(field, shown);
      outbox.keepDraft(field, value, typedAt.get(field) ?? shown);
    },
  };
  evidence = startPins(form, outbox, take);
  for (const change of early) {
    sheet.showValue(form, queuedField(change), queuedValue(change));
    take(change);
  }
  for (const { field, value, seen } of await outbox.drafts()) {
    const change = changeTo(field, value);
    sheet.showValue(form, field, value);
    typedAt.set(field, seen);
    if (change) take(change);
  }

  const review = offlineReview({
    form,
    wish: (submit) =>
      void outbox.wishSubmit(submit).then(() => {
        trouble = null;
        sayWhereItIs();
        tellOthers();
        return sender.send();
      }),
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    sheet.flushTyping(form);
    void sender.send().then(() => {
      if (outbox.list().length === 0 && navigator.onLine)
        window.location.assign(`/seats/${seatId}/sheet/review`);
      else review?.open(isInConflict());
    });
  });
  otherPages?.addEventListener('message', () => {
    void outbox.read().then(() => {
      if (outbox.answer && outbox.answer.revision > shown) showAnswer({ ...outbox.answer, applied: [] });
      showWaiting();
      sayWhereItIs();
    });
  });
  window.addEventListener('online', () => void sender.send());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void sender.send();
    else sheet.flushTyping(form);
  });
  window.addEventListener('pagehide', () => sheet.flushTyping(form));
  if (outbox.list().length > 0 || outbox.wantsSubmit || isInConflict()) sayWhereItIs();
  void sender.send();
  void keepThisPage(person).catch(() => undefined);
}

const sheetForm = document.querySelector<HTMLFormElement>('#sheet');
if (sheetForm) void startScoring(sheetForm);
