/** A place inside a work as the page sets it; the same shape as the server's, which checks it again. */
export type PlaceOnWork =
  | { kind: 'page'; page: number }
  | { kind: 'time'; from: number; to?: number }
  | { kind: 'region'; x: number; y: number; width: number; height: number }
  | { kind: 'passage'; quote: string; prefix: string; suffix: string; start: number }
  | { kind: 'whole' };
