import { XMLParser } from 'fast-xml-parser';
import { TwinloopError } from '@twinloop/kernel';

export interface JUnitSummary {
  readonly tests: number;
  readonly failures: number;
  readonly skipped: number;
  /** Names of the failed cases, at most 20. */
  readonly failed: readonly string[];
}

interface Case {
  readonly name?: string;
  readonly classname?: string;
  readonly failure?: unknown;
  readonly error?: unknown;
  readonly skipped?: unknown;
}
interface Suite {
  readonly testsuite?: readonly Suite[];
  readonly testcase?: readonly Case[];
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  processEntities: false,
  isArray: name => name === 'testsuite' || name === 'testcase',
});

/** Reads JUnit XML back: counts cases, never trusts the file's own totals. @throws invalid_request when it holds no suite */
export function readJUnit(xml: string): JUnitSummary {
  let document: { testsuites?: Suite; testsuite?: readonly Suite[] };
  try {
    document = parser.parse(xml) as typeof document;
  } catch (error) {
    throw new TwinloopError('invalid_request', {
      values: { reason: 'the JUnit file is not XML' },
      cause: error,
    });
  }
  const roots = [
    ...(document.testsuite ?? []),
    ...(document.testsuites === undefined ? [] : [document.testsuites]),
  ];
  if (roots.length === 0)
    throw new TwinloopError('invalid_request', { values: { reason: 'the JUnit file holds no <testsuite>' } });
  const cases: Case[] = [];
  const collect = (suite: Suite): void => {
    cases.push(...(suite.testcase ?? []));
    for (const inner of suite.testsuite ?? []) collect(inner);
  };
  for (const root of roots) collect(root);
  const failed = cases.filter(one => one.failure !== undefined || one.error !== undefined);
  return {
    tests: cases.length,
    failures: failed.length,
    skipped: cases.filter(one => one.skipped !== undefined).length,
    failed: failed.slice(0, 20).map(one => [one.classname, one.name].filter(Boolean).join(' › ')),
  };
}
