import { Type } from '@sinclair/typebox';
import type { FactType } from '@twinloop/kernel';
import { TwinloopError } from '@twinloop/kernel';
import type { EventStreams } from '../events.js';
import { define, type NativeScope } from './route.js';
import { ANSWERS, ControlReplayBody, EventsQuery, LedgerQuery, StartReplayBody } from './schemas.js';

/** How the loop stands, what it decided, and the replay that drives it. */
export function loopRoutes(scope: NativeScope, streams: EventStreams): void {
  define(
    scope,
    'GET',
    '/status',
    { action: 'read', tag: 'loop', summary: 'How the loop stands', answer: ANSWERS.status },
    ({ service }) => service.status(),
  );

  define(
    scope,
    'GET',
    '/today',
    {
      action: 'read',
      tag: 'loop',
      summary: 'What waits for a person, and the five daily tasks',
      answer: ANSWERS.today,
    },
    ({ service }) => service.today(),
  );

  define(
    scope,
    'GET',
    '/ledger',
    {
      action: 'read',
      tag: 'ledger',
      summary: 'Decisions, oldest first',
      query: LedgerQuery,
      answer: ANSWERS.decisions,
    },
    async ({ request, query: { types, story, ...query } }) =>
      (await scope.app.ledger(request.projectId)).decisions({
        ...query,
        ...(types === undefined ? {} : { types: types.split(',') as FactType[] }),
        ...(story === '1' || story === 'true' ? { story: true } : {}),
      }),
  );
  define(
    scope,
    'GET',
    '/ledger/verify',
    {
      action: 'read',
      tag: 'ledger',
      summary: 'Whether the hash chain is whole',
      answer: ANSWERS.verification,
    },
    async ({ request }) => (await scope.app.ledger(request.projectId)).verifyLedger(),
  );
  define(
    scope,
    'GET',
    '/ledger/decision-hash',
    {
      action: 'read',
      tag: 'ledger',
      summary: 'Hash of the decisions without ids and wall times, and of the state that they add up to',
      answer: ANSWERS.hash,
    },
    async ({ request }) => (await scope.app.ledger(request.projectId)).decisionHash(),
  );

  define(
    scope,
    'GET',
    '/replay',
    { action: 'read', tag: 'replay', summary: 'The replay, if there is one', answer: ANSWERS.replayOrNone },
    ({ service }) => service.replay.status(),
  );
  define(
    scope,
    'POST',
    '/replay',
    {
      action: 'operate',
      tag: 'replay',
      summary: 'Play a dataset as live traffic',
      body: StartReplayBody,
      answer: ANSWERS.replay,
    },
    ({ service, body, principal }) => service.replay.start(body, principal),
  );
  define(
    scope,
    'PATCH',
    '/replay',
    {
      action: 'operate',
      tag: 'replay',
      summary: 'Pause, resume or change speed',
      body: ControlReplayBody,
      answer: ANSWERS.replay,
    },
    ({ service, body }) => service.replay.control(body),
  );

  events(scope, streams);
}

function events({ server, app, hide }: NativeScope, streams: EventStreams): void {
  server.get<{ Querystring: { after?: number } }>(
    '/events',
    {
      config: { action: 'read', stream: true },
      // A stream has no head: its handler would never end one.
      exposeHeadRoute: false,
      schema: {
        tags: ['loop'],
        summary: 'Decisions and status changes as they happen; `Last-Event-ID` or `after` resumes',
        hide,
        querystring: EventsQuery,
        response: {
          200: {
            description: 'Server-sent events',
            content: { 'text/event-stream': { schema: Type.String() } },
          },
        },
      },
    },
    async (request, reply) => {
      const service = app.project(request.projectId);
      const after = resumePoint(request.headers['last-event-id'], request.query.after);
      reply.hijack();
      reply.raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      await streams.start(reply.raw, service, after);
    },
  );
}

/** A browser that reconnects sends the last id it saw, which is newer than the URL's. */
function resumePoint(
  lastEventId: string | string[] | undefined,
  after: number | undefined,
): number | undefined {
  if (lastEventId === undefined || lastEventId === '') return after;
  const seq = Number(lastEventId);
  if (Number.isSafeInteger(seq) && seq >= -1) return seq;
  throw new TwinloopError('invalid_request', {
    field: 'Last-Event-ID',
    values: { reason: 'Last-Event-ID is not a sequence number' },
  });
}
