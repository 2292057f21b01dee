import { define, type NativeScope } from './route.js';
import { ANSWERS, ChaosBody, ChaosParams, EmptyBody } from './schemas.js';

/** Faults on purpose; every answer but the board is refused for projects that are not marked as a demo. */
export function chaosRoutes(scope: NativeScope): void {
  const tag = 'chaos';
  define(
    scope,
    'GET',
    '/chaos',
    {
      action: 'read',
      tag,
      summary: 'What can be broken on purpose, and what came of it',
      answer: ANSWERS.chaosBoard,
    },
    ({ service }) => service.chaos.board(),
  );
  define(
    scope,
    'POST',
    '/chaos',
    { action: 'operate', tag, summary: 'Break the demo on purpose', body: ChaosBody, answer: ANSWERS.chaos },
    ({ service, body, principal }) => service.chaos.start(body, principal),
  );
  define(
    scope,
    'POST',
    '/chaos/:chaos/undo',
    {
      action: 'operate',
      tag,
      summary: 'Take a fault back',
      params: ChaosParams,
      body: EmptyBody,
      answer: ANSWERS.chaos,
    },
    ({ service, params, principal }) => service.chaos.undo(params.chaos, principal),
  );
}
