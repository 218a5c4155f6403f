/**
 * How large a picture is as people see it, and as it hangs on the wall: pages reserve its place before it has
 * loaded. Pure.
 */

/** Pixels, the way up in which it was taken. */
export interface PictureSize {
  width: number;
  height: number;
}

/** Highest picture on a wall, in pixels; views/styles/wall.css knows it as 17rem. */
const wallHeight = 272;

/**
 * The size at which it hangs where there is room enough: never larger than it is, never higher than the wall's line.
 */
export function onTheWall({ width, height }: PictureSize): PictureSize {
  const scale = Math.min(1, wallHeight / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
