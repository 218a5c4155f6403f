/** Where people reach this installation: what was configured, else what the request was addressed to. */
import type { Call } from './route.js';

export const originOf = ({ context, request }: Pick<Call, 'context' | 'request'>): string =>
  context.config.publicUrl ?? `${request.protocol}://${request.get('host') ?? 'localhost'}`;
