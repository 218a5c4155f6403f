/** Whether somebody has begun to fill in a form inside of a part of the page: then nothing takes the part's place. */
const isTyped = (field: Element): boolean => {
  if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
  if (field instanceof HTMLSelectElement) {
    const options = [...field.options];
    // Without a default a list shows its first line.
    if (!field.multiple && !options.some((option) => option.defaultSelected)) return field.selectedIndex > 0;
    return options.some((option) => option.selected !== option.defaultSelected);
  }
  if (!(field instanceof HTMLInputElement) || field.type === 'hidden') return false;
  // A tick that has an id is put back into the part that takes its place.
  if (field.type === 'checkbox' || field.type === 'radio')
    return field.checked !== field.defaultChecked && !(field.checked && field.id !== '');
  return field.value !== field.defaultValue || (field.files?.length ?? 0) > 0;
};

export const hasTypedForm = (part: Element): boolean =>
  [...part.querySelectorAll('form input, form textarea, form select')].some(isTyped);
