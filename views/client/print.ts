/** A button that prints the page; without this script the page names the browser's own way. */
document.querySelectorAll<HTMLButtonElement>('[data-print]').forEach((button) => {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
});
export {};
