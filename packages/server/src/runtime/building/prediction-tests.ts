import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { isSeq, LineCounter, parseDocument } from 'yaml';
import {
  columnOf,
  rowAt,
  TwinloopError,
  type ColumnType,
  type DatasetQuery,
  type ErrorFinding,
} from '@twinloop/kernel';
import { complaintAboutTest, predictionTestsSchema, type PredictionTest } from '@twinloop/loop/testing';
import type { ProjectConfig } from '../../config/project-config.js';
import { formatOf } from '../../project/read-source.js';
import { sha256 } from '../digest.js';

const validate = new Ajv2020({ useDefaults: true, allErrors: true, strict: false }).compile<PredictionTest[]>(
  predictionTestsSchema,
);

export interface TestFilePorts {
  readonly directory: string;
  readonly datasets: DatasetQuery;
  /** Types of the model's inputs: a table of known cases is read as the model would read it. */
  readonly types: Readonly<Record<string, ColumnType>>;
}

/** The files of prediction tests that the gates name, each once. */
export function testFilesOf({ gates }: Pick<ProjectConfig, 'gates'>): readonly string[] {
  return [...new Set(gates.flatMap(gate => (gate.gate === 'predictions' ? [gate.file] : [])))];
}

/** Prediction tests by file, as the gates name it. @throws dataset_unreadable · project_invalid */
export async function readTestFiles(
  config: Pick<ProjectConfig, 'gates'>,
  ports: TestFilePorts,
): Promise<Readonly<Record<string, readonly PredictionTest[]>>> {
  const read = await Promise.all(
    testFilesOf(config).map(
      async file => [file, await parseTests(await textOf(ports.directory, file), file, ports)] as const,
    ),
  );
  return Object.fromEntries(read);
}

async function textOf(directory: string, file: string): Promise<string> {
  try {
    return await readFile(resolve(directory, file), 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): TwinloopError {
  const reason = error instanceof Error ? error.message : String(error);
  return new TwinloopError('dataset_unreadable', {
    field: 'gates',
    values: { file, format: 'YAML', reason },
    cause: error,
  });
}

/**
 * Reads the text of a test file, each test with its line, each table of known cases with its rows.
 * @throws dataset_unreadable when it is no YAML · project_invalid with the line of each finding
 */
export async function parseTests(
  text: string,
  file: string,
  ports: TestFilePorts,
): Promise<readonly PredictionTest[]> {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: true });
  const [broken] = document.errors;
  if (broken !== undefined) throw unreadable(file, broken);
  const value: unknown = document.toJS({ maxAliasCount: 1000 });
  const items = isSeq(document.contents) ? document.contents.items : [];
  const lineOf = (index: number): number => {
    const range = (items[index] as { range?: [number, number, number] } | undefined)?.range;
    return range === undefined ? 1 : counter.linePos(range[0]).line;
  };
  const fail = (details: readonly ErrorFinding[]): never => {
    throw new TwinloopError('project_invalid', { values: { file, count: details.length }, details });
  };
  if (!validate(value)) {
    return fail(
      (validate.errors ?? []).map(({ instancePath, message }) => ({
        field: instancePath,
        line: lineOf(Number(instancePath.split('/')[1] ?? 0)),
        message: message ?? 'is not valid',
      })),
    );
  }
  const tests = value.map((test, i): PredictionTest => ({ ...test, line: lineOf(i) }));
  const odd = tests.flatMap((test, i) => {
    const message = complaintAboutTest(test);
    return message === undefined
      ? []
      : [{ field: `/${i}`, line: lineOf(i), message: `"${test.name}" ${message}` }];
  });
  if (odd.length > 0) return fail(odd);
  return Promise.all(tests.map(test => withCases(test, ports)));
}

/** The rows of a table of known cases. @throws as `DatasetQuery.read` · dataset_column_missing */
async function withCases(test: PredictionTest, ports: TestFilePorts): Promise<PredictionTest> {
  if (test.kind !== 'golden') return test;
  const { each, expected } = test;
  const table = await ports.datasets.read(resolve(ports.directory, each), {
    format: formatOf(each, undefined),
    types: ports.types,
  });
  if (columnOf(table, expected) === undefined)
    throw new TwinloopError('dataset_column_missing', {
      field: expected,
      values: {
        column: expected,
        dataset: each,
        found: table.columns.map(({ name }) => name).join(', '),
      },
    });
  const cases = Array.from({ length: table.rows }, (_, row) => {
    const { [expected]: answer = null, ...inputs } = rowAt(table, row);
    return { inputs, expected: answer, row: row + 1 };
  });
  return { ...test, cases };
}

/** What the test files say now, tables included; a file that is not there has no digest. Verdicts are cached by it. */
export async function digestTests(
  config: Pick<ProjectConfig, 'gates'>,
  directory: string,
): Promise<Readonly<Record<string, string | null>>> {
  const found: Record<string, string | null> = {};
  const digest = async (file: string): Promise<string | undefined> => {
    const bytes = await readFile(resolve(directory, file)).catch(() => undefined);
    found[file] = bytes === undefined ? null : sha256(bytes);
    return bytes?.toString('utf8');
  };
  for (const file of testFilesOf(config)) {
    const text = (await digest(file)) ?? '';
    for (const [, each] of text.matchAll(/\beach:\s*["']?([^\s"',}]+)/g)) await digest(each!);
  }
  return found;
}
