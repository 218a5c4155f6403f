/**
 * Draws a rectangle on a picture with finger, pen or mouse. Shares of the picture's sides, whatever size it
 * is shown in.
 */
export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

export function showRectangle(box: HTMLElement, { x, y, width, height }: Rectangle): void {
  box.querySelectorAll('.placed-region rect').forEach((rect) => {
    for (const [name, value] of Object.entries({ x, y, width, height }))
      rect.setAttribute(name, value.toFixed(4));
  });
}

const within = (value: number): number => Math.min(1, Math.max(0, value));

/** Shorter than this share is a tap that slipped, and changes nothing. */
const SLIP = 0.01;

export function drawOn(box: HTMLElement, drawn: (rectangle: Rectangle) => void): void {
  const canvas = box.querySelector<HTMLElement>('[data-canvas]');
  if (!canvas) return;
  canvas.classList.add('drawable');
  let from: { x: number; y: number } | null = null;
  const at = ({ clientX, clientY }: PointerEvent) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return { x: within((clientX - left) / width), y: within((clientY - top) / height) };
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    from = at(event);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!from) return;
    const to = at(event);
    const rectangle = {
      x: Math.min(from.x, to.x),
      y: Math.min(from.y, to.y),
      width: Math.abs(to.x - from.x),
      height: Math.abs(to.y - from.y),
    };
    if (rectangle.width < SLIP || rectangle.height < SLIP) return;
    showRectangle(box, rectangle);
    drawn(rectangle);
  });
  const end = (): void => void (from = null);
  canvas.addEventListener('pointerup', end);
  canvas.addEventListener('pointercancel', end);
}
