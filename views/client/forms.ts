/**
 * Keeps what is typed into any form of a page: long texts as drafts on this device and on the server,
 * everything else by asking before the page is left. Without this script a form that is sent after the
 * sign-in has ended is kept by the server all the same.
 */
import { forgetOldCopies, forgetSaved } from './forms/device-copies.js';
import { askBeforeLeaving } from './forms/leaving.js';
import { cleanUpAtSignOut } from './forms/sign-out.js';
import { settings } from './forms/settings.js';
import { checkBeforeSending } from './forms/sending.js';
import { WatchedForm } from './forms/watched-form.js';

/** Forms that change something, also by one of their buttons alone. */
const changing = 'form[method="post"], form:has([formmethod="post"])';

/** What is discarded is not saved once more while the page is left. */
function endWithDraft(forms: readonly WatchedForm[]): void {
  document.addEventListener('submit', ({ target }) => {
    if (!(target instanceof HTMLFormElement) || target.getAttribute('action') !== '/drafts/discard') return;
    const valueOf = (name: string): string =>
      target.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.value ?? '';
    for (const watched of forms) if (watched.isOf(valueOf('action'), valueOf('form'))) watched.isSent = true;
  });
}

if (settings) {
  forgetSaved(settings.savedForms);
  forgetOldCopies();
  const forms: WatchedForm[] = [];
  const watchAll = (): void => {
    for (const form of document.querySelectorAll<HTMLFormElement>(changing)) {
      if (form.dataset['keepsItself'] !== undefined || forms.some((known) => known.form === form)) continue;
      const watched = new WatchedForm(form);
      if (!watched.canBeTypedInto) continue;
      forms.push(watched);
      void watched.start();
    }
  };
  watchAll();
  // Pages that follow by themselves put forms anew where nobody has typed.
  document.addEventListener('live:drawn', watchAll);
  askBeforeLeaving(forms);
  checkBeforeSending(forms);
  endWithDraft(forms);
  cleanUpAtSignOut(forms);
}
