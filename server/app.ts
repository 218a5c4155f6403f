/**
 * The routes of the product: the features are mounted in the order in which the data flows through them.
 * Nothing is served that is not declared in the routes of a feature (assets aside).
 */
import express, { type Express } from 'express';
import { allAccessRoutes } from './access/all-routes.js';
import { sessions, usesHttps } from './access/session.js';
import { allArtifactsRoutes } from './artifacts/all-routes.js';
import { calendarRoutes } from './calendar/calendar-routes.js';
import type { Context } from './context.js';
import { downloadRoutes } from './downloads/download-routes.js';
import { erasureRoutes } from './erasure/erasure-routes.js';
import { findNamedKeys } from './erasure/named-files.js';
import { allExhibitionsRoutes } from './exhibitions/all-routes.js';
import { makeDraftRoutes as makeTypedDraftRoutes } from './forms/draft-routes.js';
import { allHandoverRoutes } from './handover/all-routes.js';
import { allHomeRoutes } from './home/all-routes.js';
import { noteActivity } from './http/activity.js';
import { writeError } from './http/answer.js';
import { answerErrors, nothingHere } from './http/answer-errors.js';
import { serveAssets } from './http/asset-routes.js';
import { compressAnswers } from './http/compress-answers.js';
import { identify } from './http/find-visit.js';
import { logRequests } from './http/log-requests.js';
import { mountRoutes } from './http/mount-routes.js';
import { makeOperationsRoutes } from './http/operations-routes.js';
import type { FeatureRoutes } from './http/route.js';
import { sameOrigin } from './http/same-origin.js';
import { permissionsPolicy, securityHeaders } from './http/security-headers.js';
import { endSlowBodies } from './http/slow-bodies.js';
import { allJobsRoutes } from './jobs/all-routes.js';
import { allMergeRoutes } from './merge/all-routes.js';
import { allNarrativesRoutes } from './narratives/all-routes.js';
import { allPeopleRoutes } from './people/all-routes.js';
import { findCurrentIds } from './people/merged-people-records.js';
import { planRoutes } from './plan/plan-routes.js';
import {
  accessPorts,
  artifactPorts,
  exhibitionPorts,
  familyPorts,
  jobPorts,
  listenerPorts,
  peoplePorts,
  portfolioPorts,
  schoolPorts,
  scorePorts,
  sourcesFor,
  visitPorts,
} from './ports.js';
import { makePortfolioRoutes } from './portfolio/portfolio-routes.js';
import { rehearsalRoutes } from './rehearsals/rehearsal-routes.js';
import { allResultsRoutes } from './results/all-routes.js';
import { rubricRoutes } from './rubrics/rubric-routes.js';
import { allScheduleRoutes } from './schedule/all-routes.js';
import { allSchoolRoutes } from './school/all-routes.js';
import { makeScoreRoutes } from './scores/score-routes.js';
import { allTranscriptRoutes } from './transcript/all-routes.js';
import { allVisitsRoutes } from './visits/all-routes.js';

export const features: readonly FeatureRoutes[] = [
  makeOperationsRoutes(() => features),
  ...allSchoolRoutes(schoolPorts),
  ...allPeopleRoutes(peoplePorts),
  ...allAccessRoutes(accessPorts),
  planRoutes,
  ...allArtifactsRoutes(artifactPorts),
  makePortfolioRoutes(portfolioPorts),
  rubricRoutes,
  ...allExhibitionsRoutes(exhibitionPorts, listenerPorts),
  calendarRoutes,
  ...allScheduleRoutes(exhibitionPorts),
  makeScoreRoutes(scorePorts),
  ...allVisitsRoutes(visitPorts),
  ...allResultsRoutes(exhibitionPorts),
  downloadRoutes,
  ...allNarrativesRoutes,
  ...allTranscriptRoutes,
  rehearsalRoutes,
  ...allHandoverRoutes({ ...familyPorts, findNamedKeys }),
  ...allMergeRoutes,
  erasureRoutes,
  makeTypedDraftRoutes({ currentIds: findCurrentIds }),
  ...allHomeRoutes,
  ...allJobsRoutes(jobPorts),
];

export function createApp(context: Context): Express {
  const { config, db } = context;
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', config.trustProxy);
  app.set('query parser', 'simple');
  // No answer may be stored (files and assets have tags of their own).
  app.disable('etag');
  app.use(logRequests(context.log));
  app.use(securityHeaders(usesHttps(config)));
  app.use(permissionsPolicy);
  app.use('/assets', serveAssets(context.assets));
  app.use(compressAnswers());
  app.use(
    endSlowBodies(config.uploadStallSeconds, (error, request, response) =>
      writeError(request, response, context, error),
    ),
  );
  app.use(sameOrigin(config.publicUrl));
  app.use(sessions(config, db));
  app.use(noteActivity(context.activity));
  const sources = sourcesFor(context);
  mountRoutes(app, context, features, sources);
  app.use(identify(context, sources));
  app.use(nothingHere);
  app.use(answerErrors(context));
  return app;
}
