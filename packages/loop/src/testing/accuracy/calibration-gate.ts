import {
  type Evidence,
  formatCount,
  formatFigure,
  formatInterval,
  seededRng,
  type Verdict,
  type VerdictStatus,
} from '@twinloop/kernel';
import {
  calibrationLine,
  logisticShift,
  meanInterval,
  metricInterval,
  moments,
  normalQuantile,
} from '@twinloop/stats';
import type { CalibrationGate } from '../config.js';
import { byStatus, decide, type Figure, worst } from '../decide.js';
import type { GateContext } from '../gate-context.js';
import { lineOfLabels } from './line-of-labels.js';
import { MIN_ROWS } from './metric-gate.js';

/** For the interval of the calibration error, which is drawn; equal on every machine. */
const SEED = 11;
const REPLICATES = 400;

/** What came, and how probable it was said to be: of several classes, whether the likeliest one came, and its probability. */
interface Said {
  readonly labels: Float64Array;
  readonly probabilities: Float64Array;
}

async function said({ labels, candidate, classes, held }: GateContext): Promise<Said | undefined> {
  if (classes === undefined) return { labels, probabilities: candidate };
  if (held === undefined) return undefined;
  const answers = await held.ask(held.rows);
  return {
    labels: classes.truth.map((truth, row) => (truth === classes.predicted[row] ? 1 : 0)),
    probabilities: classes.predicted.map((one, row) => answers[row * held.width + one]!),
  };
}

interface Measured extends Figure {
  readonly method: string;
}

type Figures = Readonly<Record<'ece' | 'slope' | 'intercept', () => Measured>>;

function ofProbabilities({ labels, probabilities }: Said, confidence: number): Figures {
  return {
    ece: () => {
      const rng = seededRng(SEED);
      const { value, interval } = metricInterval(
        'ece',
        { task: 'binary', labels, scores: probabilities },
        { confidence, rng: () => rng.next(), replicates: REPLICATES },
      );
      return {
        value,
        low: interval[0],
        high: interval[1],
        method: '10 bins of equal width, bootstrapped interval',
      };
    },
    slope: () => {
      const { slope, slopeInterval } = calibrationLine(labels, probabilities, confidence);
      return {
        value: slope,
        low: slopeInterval[0],
        high: slopeInterval[1],
        method: 'logistic regression on the log-odds (Cox 1958), Wald interval',
      };
    },
    intercept: () => {
      const { shift, standardError } = logisticShift(labels, probabilities);
      const half = normalQuantile((1 + confidence) / 2) * standardError;
      return {
        value: shift,
        low: shift - half,
        high: shift + half,
        method: 'calibration in the large: shift of the log-odds, Wald interval',
      };
    },
  };
}

function ofNumbers({ labels, candidate }: GateContext, confidence: number): Figures {
  return {
    ece: () => ({ value: Number.NaN, low: Number.NaN, high: Number.NaN, method: 'not of a regression' }),
    slope: () => ({
      ...lineOfLabels(labels, candidate, confidence),
      method: 'least squares of the label on the prediction, Student t interval (robust error)',
    }),
    intercept: () => {
      const unit = Math.sqrt(moments(labels).variance);
      const { mean, low, high } = meanInterval(
        candidate.map((score, row) => (labels[row]! - score) / unit),
        confidence,
      );
      return {
        value: mean,
        low,
        high,
        method: 'mean error in standard deviations of the label, Student t interval',
      };
    },
  };
}

/**
 * Whether probabilities come true as often as they say: expected calibration error, slope and intercept, each within its
 * bounds. Of several classes it is the probability of the likeliest one (confidence calibration, Guo et al. 2017). Of a
 * regression: the slope of the labels on the predictions, and the mean error. Intervals share the error of the figures
 * that are asked for (Bonferroni).
 */
export async function calibrationGate(gate: CalibrationGate, context: GateContext): Promise<Verdict> {
  const n = context.labels.length;
  const unsure = (reason: string): Verdict => ({
    gate: 'calibration',
    status: 'inconclusive',
    reason,
    evidence: [],
  });
  if (n < MIN_ROWS) return unsure(`only ${formatCount(n)} held-out rows, ${MIN_ROWS} are needed`);
  const asked = (['ece', 'slope', 'intercept'] as const).filter(name => gate[name] !== undefined);
  if (asked.length === 0) return unsure('neither `ece` nor `slope` nor `intercept` is bounded');
  const confidence = 1 - (1 - gate.confidence) / asked.length;
  let figures: Figures;
  if (context.task === 'regression') figures = ofNumbers(context, confidence);
  else {
    const told = await said(context);
    if (told === undefined) return unsure('the probabilities are not at hand');
    if (told.labels.every(label => label === told.labels[0]))
      return unsure(`all ${formatCount(n)} held-out rows came out the same, so calibration says nothing`);
    figures = ofProbabilities(told, confidence);
  }
  const judged = asked.map(name => judge(name, figures[name](), { gate, n, confidence }));
  const sorted = byStatus(judged);
  return {
    gate: 'calibration',
    status: worst(judged.map(({ status }) => status)),
    reason: `${sorted.map(({ words }) => words).join('; ')}, over ${formatCount(n)} held-out rows`,
    evidence: sorted.flatMap(({ evidence }) => evidence),
  };
}

interface Judging {
  readonly gate: CalibrationGate;
  readonly n: number;
  readonly confidence: number;
}

function judge(
  name: 'ece' | 'slope' | 'intercept',
  { method, ...figure }: Measured,
  { gate, n, confidence }: Judging,
): { readonly status: VerdictStatus; readonly words: string; readonly evidence: readonly Evidence[] } {
  const bounds = gate[name]!;
  const { value, low, high } = figure;
  const title = name === 'ece' ? 'calibration error' : `calibration ${name}`;
  const limits = [bounds.min, bounds.max].map(limit => (limit === undefined ? '' : formatFigure(limit)));
  const wanted =
    bounds.min !== undefined && bounds.max !== undefined
      ? `${limits[0]} to ${limits[1]}`
      : `at ${bounds.min === undefined ? `most ${limits[1]}` : `least ${limits[0]}`}`;
  const interval = Number.isNaN(low) || Number.isNaN(high) ? undefined : ([low, high] as const);
  // Of two bounds the one that is nearer is drawn.
  const near =
    bounds.min === undefined || (bounds.max !== undefined && value > (bounds.min + bounds.max) / 2)
      ? bounds.max
      : bounds.min;
  return {
    status: decide(figure, bounds, gate.decide),
    words: `${title} ${formatFigure(value)}${interval === undefined ? '' : ` ${formatInterval(interval)}`}, ${wanted} is asked`,
    evidence: [
      {
        statistic: title,
        value,
        n,
        ...(interval === undefined ? {} : { interval }),
        ...(near === undefined ? {} : { threshold: near }),
        method: `${method}, ${formatFigure(confidence * 100)} %`,
      },
    ],
  };
}
