/**
 * At signing out: what only this device has goes to the server first, then this device keeps nothing of
 * whoever signs out.
 */
import { forgetOwnCopies, ownCopies } from './device-copies.js';
import { saveOnServer } from './server-drafts.js';
import { settings } from './settings.js';
import type { WatchedForm } from './watched-form.js';

const leads = 'form[action="/sign-out"], form[action="/account/sign-out-everywhere"]';

export function cleanUpAtSignOut(forms: readonly WatchedForm[]): void {
  for (const form of document.querySelectorAll<HTMLFormElement>(leads)) {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void signOut(form);
    });
  }

  async function signOut(form: HTMLFormElement): Promise<void> {
    await Promise.all(forms.filter(({ isChanged }) => isChanged).map((watched) => watched.saveNow()));
    const waiting = (await ownCopies()).filter(({ onServer }) => !onServer);
    const answers = await Promise.all(waiting.map((copy) => saveOnServer(copy)));
    // Also what nobody keeps: short forms, files, and long texts where this device keeps nothing and the
    // server did not answer.
    const isSafe =
      answers.every((answer) => typeof answer === 'object') && !forms.some(({ wouldBeLost }) => wouldBeLost);
    if (!isSafe && !window.confirm(settings?.say('signOut') ?? '')) return;
    for (const watched of forms) watched.isSent = true;
    forgetOwnCopies();
    form.submit();
  }
}
