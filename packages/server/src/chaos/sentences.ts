import { formatCount, type EpochMs } from '@twinloop/kernel';
import type { Ending, Fault } from './chaos-state.js';

/** What the client did while a fault lasted. */
export interface Counted {
  readonly requests: number;
  readonly failed: number;
  readonly labels: number;
}

/** How the server came back after kill -9. */
export interface Comeback {
  readonly downMs: number;
  /** Requests of the watching client: those that had to wait, and those that failed. */
  readonly waited: number;
  readonly failed: number;
  readonly sameState: boolean;
  readonly predictions: number;
  readonly decisions: number;
  readonly lost: number;
}

const many = (count: number, one: string): string => `${formatCount(count)} ${one}${count === 1 ? '' : 's'}`;

/** What was broken, and when. */
function broken({ kind, target, detail, startedAt }: Fault, time: (at: EpochMs) => string): string {
  const at = time(startedAt);
  switch (kind) {
    case 'flip-sensor':
      return `${detail['transform1'] === 'unit' ? 'read' : 'flipped'} \`${target}\`${detail['transform1'] === 'unit' ? ' a hundred times too large' : ''} at ${at}`;
    case 'worse-model':
      return `let a worse challenger into the shadow at ${at}`;
    case 'delay-labels':
      return `held labels of \`${target}\` back at ${at}`;
    case 'poison-batch':
      return `offered a poisoned batch of ${target} at ${at}`;
    case 'kill-server':
      return `killed the server at ${at}`;
  }
}

function caught(fault: Fault, { said, labels, version, type }: Ending): string {
  const after = labels === null ? '' : `${many(labels, 'label')} later `;
  switch (fault.kind) {
    case 'flip-sensor': {
      const why =
        said === 'replaced'
          ? 'a better model took its place'
          : said === 'guardrail'
            ? 'a guardrail tripped'
            : 'the evidence crossed its boundary';
      const back = said === 'replaced' ? `version ${version} answers` : `version ${version} is back`;
      return `${after}${why}; ${back}`;
    }
    case 'worse-model':
      return `${after}it was rejected (${said}); no client saw an answer of it`;
    case 'delay-labels':
      return type === 'AnswerDecided'
        ? `the labels monitor raised its alarm and the policy answered: ${said}; what was held back has been delivered`
        : 'the labels monitor saw it while another alarm was being answered; what was held back has been delivered';
    case 'poison-batch':
      return `refused at once: ${said}; nothing was trained on it`;
    case 'kill-server':
      return 'it came back';
  }
}

function undone(fault: Fault, labels: number, { version, said }: Pick<Ending, 'version' | 'said'>): string {
  switch (fault.kind) {
    case 'flip-sensor':
      return `taken back by hand after ${many(labels, 'label')}${version === null ? '' : `; version ${version} is back`}`;
    case 'worse-model':
      return said === 'superseded'
        ? `a newer challenger took its place after ${many(labels, 'label')}`
        : `the challenger was withdrawn by hand after ${many(labels, 'label')}`;
    case 'delay-labels':
      return `taken back after ${many(labels, 'label')}; what was held back has been delivered`;
    case 'poison-batch':
    case 'kill-server':
      return 'taken back';
  }
}

function missed(fault: Fault, labels: number): string {
  switch (fault.kind) {
    case 'flip-sensor':
      return `${many(labels, 'label')} did not show it before its time ran out; it was taken back`;
    case 'worse-model':
      return `${many(labels, 'label')} did not reject it before its time ran out; it was withdrawn`;
    case 'delay-labels':
      return 'no alarm was raised before its time ran out; what was held back has been delivered';
    case 'poison-batch':
      return 'no expectation refused it';
    case 'kill-server':
      return 'it did not come back as it was';
  }
}

/** One sentence: what was broken, what the loop made of it, and what the client felt. */
export function endedSentence(
  fault: Fault,
  ending: Pick<Ending, 'outcome'> & Partial<Ending>,
  counted: Counted,
  time: (at: EpochMs) => string,
): string {
  const whole: Ending = {
    decision: null,
    type: null,
    at: fault.startedAt,
    labels: null,
    version: null,
    said: null,
    ...ending,
  };
  const labels = whole.labels ?? counted.labels;
  const what =
    whole.outcome === 'caught'
      ? caught(fault, whole)
      : whole.outcome === 'undone'
        ? undone(fault, labels, whole)
        : missed(fault, labels);
  const held =
    fault.kind === 'flip-sensor' && fault.heldAt !== null
      ? `its answers jumped, and traffic was held at ${time(fault.heldAt)}; `
      : '';
  return `${broken(fault, time)}; ${held}${what}; ${many(counted.failed, 'failed request')}`;
}

/** `killed at 10:02:03; back after 1.3 s …` */
export function comebackSentence(
  { detail }: Fault,
  back: Comeback,
  clock: (wall: EpochMs) => string,
): string {
  const { downMs, waited, failed, sameState, predictions, decisions, lost } = back;
  const hash = String(detail['stateHash']).slice(0, 12);
  const state = sameState
    ? `in the same stage with the same evidence (state hash ${hash})`
    : `in another state than before (hash ${hash} did not come out again)`;
  const kept = `${many(predictions, 'prediction')} and ${many(decisions, 'decision')} as before`;
  const client = waited + failed === 0 ? '' : `; ${many(waited, 'request')} waited meanwhile`;
  return `killed at ${clock(Number(detail['killedAt']))}; back after ${(downMs / 1000).toFixed(1)} s ${state}; ${kept}; ${formatCount(lost)} lost${client}; ${many(failed, 'failed request')}`;
}
