/**
 * The coarse gate of every route: which roles may knock at all. Deny by default: a route without a `who` does
 * not compile. What a person may see behind the gate is decided by the rules in each feature's noun.
 */
import { Forbidden, SignInNeeded } from '../errors.js';
import type { Actor, Role } from './actor.js';

/** `anyone`: no account needed. `signed-in`: any role. Else one of the roles listed. */
export type Who = 'anyone' | 'signed-in' | readonly Role[];

/**
 * @throws SignInNeeded when somebody must sign in first
 * @throws Forbidden when none of the actor's roles may enter
 */
export function checkGate(who: Who, actor: Actor | null): void {
  if (who === 'anyone') return;
  if (!actor) throw new SignInNeeded();
  if (who === 'signed-in') return;
  if (!actor.roles.some((role) => who.includes(role))) throw new Forbidden();
}
