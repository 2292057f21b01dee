import type { Expectation } from '../config.js';
import { flow } from '../flow.js';
import { asWritten } from './expectations-section.js';

/** A rule as it stands in twinloop.yaml, on one line; rules with equal texts are the same rule. */
export const ruleText = (rule: Expectation): string => flow(asWritten(rule));
