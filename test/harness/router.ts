/** Every route of the app, for tests that ask all of them. */
import { z } from 'zod';
import { features } from '../../server/app.js';
import type { RouteEntry } from '../../server/http/route.js';

export const entries: readonly RouteEntry[] = features.flatMap((router) => router.entries);

/** `POST /people/:id` */
export const nameOf = ({ method, path }: RouteEntry): string => `${method.toUpperCase()} ${path}`;

export function entryOf(name: string): RouteEntry {
  const found = entries.find((entry) => nameOf(entry) === name);
  if (!found) throw new Error(`the router has no ${name}`);
  return found;
}

/** The fields of an object schema; none of any other. */
export const shapeOf = (schema: z.ZodType | undefined): object =>
  schema instanceof z.ZodObject ? schema.shape : {};
