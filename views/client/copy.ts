/**
 * Copies a text that is shown once, such as a link. The button appears only where the browser lets a page
 * copy (https or this machine); elsewhere a press on the text selects all of it.
 */
const wait = 4000;

function offerCopy(button: HTMLButtonElement): void {
  const words = button.querySelector('span');
  const source = button.parentElement?.querySelector('.secret');
  if (!words || !source || !window.isSecureContext) return;
  const usual = words.textContent;
  button.hidden = false;
  button.addEventListener('click', () => {
    void navigator.clipboard.writeText(source.textContent.trim()).then(() => {
      words.textContent = button.dataset['copied'] ?? usual;
      setTimeout(() => (words.textContent = usual), wait);
    });
  });
}

document.querySelectorAll<HTMLButtonElement>('[data-copy]').forEach(offerCopy);
