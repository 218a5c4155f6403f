/**
 * Asks before a page is left on which something typed would be lost. Nobody is asked who changed nothing, or
 * whose text is kept.
 */
import type { WatchedForm } from './watched-form.js';

export function askBeforeLeaving(forms: readonly WatchedForm[]): void {
  window.addEventListener('beforeunload', (event) => {
    for (const watched of forms) if (watched.isChanged && !watched.isSent) void watched.saveNow(true);
    if (forms.some((watched) => watched.wouldBeLost)) event.preventDefault();
  });
}
