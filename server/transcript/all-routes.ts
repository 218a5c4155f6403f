/** Every address of this feature, in the order in which they are matched. */
import type { FeatureRoutes } from '../http/route.js';
import { draftRoutes } from './draft-routes.js';
import { issueOneRoutes } from './issue-one-routes.js';
import { nameRoutes } from './name-routes.js';
import { preflightRoutes } from './preflight-routes.js';
import { transcriptRoutes } from './transcript-routes.js';
import { verifyRoutes } from './verify-routes.js';

export const allTranscriptRoutes: readonly FeatureRoutes[] = [
  transcriptRoutes,
  preflightRoutes,
  issueOneRoutes,
  draftRoutes,
  nameRoutes,
  verifyRoutes,
];
