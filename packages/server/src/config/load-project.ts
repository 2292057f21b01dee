import { createHash } from 'node:crypto';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import {
  canonicalJson,
  DURATION_PATTERN,
  TwinloopError,
  type Canonicalizable,
  type ContentHash,
  type ErrorFinding,
} from '@twinloop/kernel';
import { fillByTask } from './by-task.js';
import { guardedByClasses } from './check-classes.js';
import type { WrittenFeatures } from '@twinloop/loop/data';
import { checkLookups } from './check-lookups.js';
import { checkProject, trainingDataset } from './check-project.js';
import { resolveFeatures } from './lookups.js';
import type { LoadedProject, ProjectConfig } from './project-config.js';
import { projectSchema } from './sections.js';
import { shapeDatasets } from './shape-datasets.js';
import { suggestion } from './suggestion.js';

const ajv = new Ajv2020({
  useDefaults: true,
  allErrors: true,
  strict: false,
  validateFormats: false,
  // Findings name the fields that are known and the value that was found.
  verbose: true,
});
let compiled: ReturnType<typeof ajv.compile> | undefined;

function pathOf(pointer: string): (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map(part => (/^\d+$/.test(part) ? Number(part) : part));
}

function readablePath(path: readonly (string | number)[]): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`))
    .join('');
}

/** Line and column (from 1) of the key (in a list: the item) at `path`, or of its nearest ancestor that exists. */
function position(
  document: Document,
  lines: LineCounter,
  path: readonly (string | number)[],
): { line: number; column: number } | undefined {
  for (let depth = path.length; depth >= 0; depth--) {
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    const parent = depth < 2 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
    const pair =
      depth > 0 && isMap(parent)
        ? parent.items.find(({ key }) => isScalar(key) && key.value === path[depth - 1])
        : undefined;
    const range = ((pair?.key ?? node) as { range?: [number, number, number] } | null | undefined)?.range;
    if (range !== undefined) {
      const { line, col } = lines.linePos(range[0]);
      return { line, column: col };
    }
  }
  return undefined;
}

function describe(error: ErrorObject): { message: string; extra: (string | number)[]; hint?: string } {
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties': {
      const name = String(params['additionalProperty']);
      const known = Object.keys((error.parentSchema as { properties?: object }).properties ?? {});
      const near = suggestion(name, known);
      return {
        message: `unknown field "${name}"`,
        extra: [name],
        hint: near === undefined ? `Known here: ${known.join(', ')}.` : `Did you mean "${near}"?`,
      };
    }
    case 'required':
      return { message: `"${String(params['missingProperty'])}" is missing`, extra: [] };
    case 'type':
      return {
        message: `must be ${String(params['type'])}, found ${Array.isArray(error.data) ? 'a list' : error.data === null ? 'nothing' : typeof error.data}`,
        extra: [],
      };
    case 'enum': {
      const allowed = (params['allowedValues'] as unknown[]).map(String);
      const near = typeof error.data === 'string' ? suggestion(error.data, allowed) : undefined;
      return {
        message: `must be one of ${allowed.join(', ')}, found ${JSON.stringify(error.data)}`,
        extra: [],
        ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
      };
    }
    case 'pattern': {
      // The value may be the secret that should have been referred to: it is not repeated.
      if ((error.parentSchema as { writeOnly?: boolean }).writeOnly === true)
        return {
          message: 'must be a reference to a secret, not the secret itself',
          extra: [],
          hint: 'Write `env:NAME` or `file:PATH`; see docs/explain/notifications.md.',
        };
      const found = JSON.stringify(error.data);
      return String(params['pattern']).includes(DURATION_PATTERN)
        ? { message: `${found} is not a duration`, extra: [], hint: 'For example 90s, 20m, 6h, 14d or 2w.' }
        : { message: `${found} does not match ${String(params['pattern'])}`, extra: [] };
    }
    case 'const':
      return { message: `must be ${JSON.stringify(params['allowedValue'])}`, extra: [] };
    default:
      return { message: error.message ?? error.keyword, extra: [] };
  }
}

/** In unions every branch complains; keep the branch whose discriminator fits, so that one mistake is one finding. */
function relevant(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const unions = errors.filter(error => error.keyword === 'oneOf' || error.keyword === 'anyOf');
  return errors.filter(error => {
    if (error.keyword === 'if') return false;
    const union = unions.find(
      other => error !== other && error.schemaPath.startsWith(`${other.schemaPath}/`),
    );
    if (union === undefined) {
      const inner = errors.some(
        other =>
          other !== error &&
          other.schemaPath.startsWith(`${error.schemaPath}/`) &&
          fits(other, errors, error),
      );
      return !(error.keyword === 'oneOf' || error.keyword === 'anyOf') || !inner;
    }
    return fits(error, errors, union);
  });
}

function fits(error: ErrorObject, errors: readonly ErrorObject[], union: ErrorObject): boolean {
  const branch = /^\/(\d+)/.exec(error.schemaPath.slice(union.schemaPath.length))?.[0];
  if (branch === undefined) return false;
  return !errors.some(
    other =>
      other.keyword === 'const' &&
      other.schemaPath.startsWith(`${union.schemaPath}${branch}/`) &&
      other.instancePath.startsWith(union.instancePath),
  );
}

/** A project whose models are made elsewhere. */
const NO_TRAINING: ProjectConfig['train'] = {
  task: 'binary',
  candidates: { algorithms: [], windows: [] },
  parameters: {},
  holdout: 0.2,
  takes: '0m',
  seed: 1,
};

/**
 * Reads the text of twinloop.yaml: syntax, schema with defaults, then what a schema cannot say (names that must exist).
 * @throws project_invalid with every finding's path, line, column and hint
 */
export function loadProject(text: string, directory: string, file = 'twinloop.yaml'): LoadedProject {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const fail = (findings: readonly ErrorFinding[]): never => {
    throw new TwinloopError('project_invalid', {
      values: { file, count: findings.length },
      field: findings[0]?.field,
      details: findings,
    });
  };
  if (document.errors.length > 0) {
    fail(
      document.errors.map(error => {
        const { line, col } = lines.linePos(error.pos[0]);
        const place = { line, column: col };
        if (error.code !== 'DUPLICATE_KEY')
          return { message: error.message, ...place, hint: 'The file must be valid YAML.' };
        const key = /^[^\s:]+/.exec(text.slice(error.pos[0]))?.[0] ?? '';
        return { message: `"${key}" is given twice`, field: key, ...place, hint: 'Keep one of them.' };
      }),
    );
  }
  const value = (document.toJS({ maxAliasCount: 100 }) ?? {}) as ProjectConfig;
  compiled ??= ajv.compile(projectSchema());
  const findingAt = (path: (string | number)[], message: string, hint?: string): ErrorFinding => ({
    message,
    field: readablePath(path),
    ...(position(document, lines, path) ?? { line: 1, column: 1 }),
    ...(hint === undefined ? {} : { hint }),
  });
  if (!compiled(value)) {
    fail(
      relevant(compiled.errors ?? []).map(error => {
        const { message, extra, hint } = describe(error);
        return findingAt([...pathOf(error.instancePath), ...extra], message, hint);
      }),
    );
  }
  const written = value.features as WrittenFeatures;
  const datasets = shapeDatasets(value.datasets);
  const train = value.train ?? NO_TRAINING;
  const training = trainingDataset({ datasets, train });
  const config: ProjectConfig = fillByTask({
    ...value,
    datasets,
    train,
    ...resolveFeatures(written, datasets, training, value.timezone),
  });
  const findings = [
    ...checkProject(config),
    ...checkLookups(config, training, join => written.joins?.[join]?.asof?.left),
  ];
  if (findings.length > 0)
    fail(findings.map(({ path, message, hint }) => findingAt([...path], message, hint)));
  const hash = createHash('sha256')
    .update(canonicalJson(config as unknown as Canonicalizable))
    .digest('hex') as ContentHash;
  return { config: guardedByClasses(config), hash, text, directory };
}
