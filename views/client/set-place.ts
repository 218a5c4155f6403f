/** On pages with a place to set: makes it possible by hand. */
import { followHand } from './places/fields.js';

document.querySelectorAll<HTMLElement>('[data-place]').forEach(followHand);
