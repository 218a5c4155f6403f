/**
 * Before a form with typed text is sent: a draft on its way arrives first, and a sign-in that has ended is
 * noticed while the page is there.
 */
import { hasFiles } from './form-fields.js';
import { askWhetherSignedIn, sinceContact } from './server-drafts.js';
import type { WatchedForm } from './watched-form.js';

/** Somebody of whom the server heard a moment ago is signed in. */
const freshFor = 60_000;

export function checkBeforeSending(forms: readonly WatchedForm[]): void {
  const ready = new WeakSet<HTMLFormElement>();
  const busy = new WeakSet<HTMLFormElement>();

  async function check(watched: WatchedForm, button: HTMLElement | null): Promise<void> {
    const { form } = watched;
    busy.add(form);
    // A form that is just being sent cannot be sent: the browser has to finish telling everybody first.
    await new Promise((resolve) => setTimeout(resolve));
    await watched.settle();
    // A long text that only this device has may not go into a page that says that there is no connection.
    const isSure = sinceContact() <= freshFor && navigator.onLine && !watched.isOnlyHere;
    const answer = isSure ? 'yes' : await askWhetherSignedIn();
    busy.delete(form);
    // The server keeps what is sent without a sign-in, or from another school, for its writer; files it cannot keep.
    if (answer === 'no-connection' || (answer !== 'yes' && hasFiles(form))) {
      watched.explain(answer);
      return;
    }
    ready.add(form);
    form.requestSubmit(button);
    ready.delete(form);
  }

  document.addEventListener(
    'submit',
    (event) => {
      const watched = forms.find(({ form }) => form === event.target);
      if (!watched) return;
      if (ready.has(watched.form) || !watched.isChanged) {
        watched.isSent = true;
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!busy.has(watched.form)) void check(watched, event.submitter);
    },
    true,
  );
}
