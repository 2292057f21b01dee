import type { ExpectationHistoryView } from '@twinloop/client';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { counted, whole } from '../../format/numbers.js';
import { day } from '../../format/time.js';
import { expectationsQuery } from '../../live/queries.js';
import { Command } from '../../parts/command.js';
import { EmptyState } from '../../parts/empty-state.js';
import { CellGrid } from '../../parts/grid/cell-grid.js';
import { labelled } from '../../parts/grid/place.js';
import { useNarrow } from '../../parts/layout/use-narrow.js';
import { Wide } from '../../parts/layout/wide.js';
import { Loaded } from '../../parts/loaded.js';
import { Id, PageHead, Section } from '../../parts/page.js';
import { type Mark, Status, StatusMark } from '../../parts/status-mark.js';
import { Time } from '../../parts/time.js';
import {
  cameIn,
  historyAnswer,
  resultWords,
  rulesInOrder,
  shareWords,
  type Standing,
  standingOf,
  versionWords,
} from './rules.js';

const FROM = '/p/$project/data/$dataset';
const HEAD = 20;
type Size = 'rows' | 'kept apart';

/** Which rules does this data keep, and since when not? */
export function DatasetPage() {
  const { project, dataset } = useParams({ from: FROM });
  const query = useQuery(expectationsQuery(project, dataset));
  return (
    <>
      <PageHead
        title={`Data ${dataset}`}
        {...(query.data === undefined ? {} : { answer: historyAnswer(query.data) })}
      >
        <Link to="/p/$project/data" params={{ project }} className="button">
          All data
        </Link>
      </PageHead>
      <Loaded query={query}>
        {view =>
          view.versions.length === 0 ? (
            <NoVersions dataset={dataset} />
          ) : (
            <>
              <History project={project} view={view} />
              <Versions project={project} view={view} />
              <Command
                text={`twinloop data check FILE --dataset ${dataset} --project ${project}`}
                what="the command that holds a file against these rules"
              />
            </>
          )
        }
      </Loaded>
    </>
  );
}

const MARKS: Readonly<Record<Standing, Mark | null>> = {
  passed: 'ok',
  failed: 'fail',
  warned: 'attention',
  unchecked: null,
};

function History({ project, view }: { project: string; view: ExpectationHistoryView }) {
  const sorted = useMemo(() => rulesInOrder(view), [view]);
  const { versions, rules } = sorted;
  const narrow = useNarrow();
  const navigate = useNavigate();
  const names = useMemo(() => versions.map(({ createdAt }) => day(createdAt)), [versions]);
  // Above the rules: how many rows came, and which share was kept apart where any was.
  const sizes: readonly Size[] = versions.some(({ quarantined }) => quarantined > 0)
    ? ['rows', 'kept apart']
    : ['rows'];
  const most = Math.max(1, ...versions.map(cameIn));
  const share = (column: number): number => {
    const version = versions[column]!;
    return version.quarantined / Math.max(1, cameIn(version));
  };
  const mostShare = Math.max(1e-6, ...versions.map((_, column) => share(column)));
  return (
    <Section
      title="Rules over versions"
      note={`${counted(rules.filter(rule => rule.current).length, 'declared rule')}, ${counted(versions.length, 'version')}, oldest first; declared rules and those broken most often on top`}
    >
      <CellGrid
        label={`${rules.length} rules over ${versions.length} versions`}
        columns={versions.length}
        nameWidth={narrow ? 140 : 340}
        headHeight={HEAD}
        cellWidth={[18, 64]}
        lined
        rows={[
          ...sizes.map(name => ({
            key: name,
            name: (
              <span className="truncate text-xs text-soft">
                {name === 'rows'
                  ? `rows, up to ${whole(most)}`
                  : `kept apart, up to ${shareWords(mostShare)}`}
              </span>
            ),
          })),
          ...rules.map(rule => ({
            key: rule.text,
            name: (
              <span className={`truncate ${rule.current ? '' : 'text-soft'}`} title={rule.text}>
                {rule.subject !== '' && <code>{rule.subject} </code>}
                {rule.rule}
                {rule.where !== null && <span className="text-soft"> where {rule.where}</span>}
                {!narrow && <code className="text-soft"> {detailOf(rule.text)}</code>}
                {!rule.current && ' (no longer declared)'}
              </span>
            ),
          })),
        ]}
        head={(column, cellWidth) => (
          <span className="absolute top-0 left-0.5 whitespace-nowrap" aria-hidden="true">
            {labelled(names, cellWidth, 48).has(column) && names[column]}
          </span>
        )}
        headWords={column => versionWords(versions[column]!)}
        words={({ row, column }) =>
          row < sizes.length
            ? `Version ${versionWords(versions[column]!)}.`
            : resultWords(sorted, row - sizes.length, column)
        }
        cell={({ row, column }) =>
          sizes[row] === 'rows' ? (
            <Column share={cameIn(versions[column]!) / most} colour="line-strong" />
          ) : sizes[row] === 'kept apart' ? (
            <Column share={share(column) / mostShare} colour="attention" />
          ) : (
            <Mark mark={MARKS[standingOf(rules[row - sizes.length]!, column)]} />
          )
        }
        onChoose={({ column }) =>
          void navigate({
            to: '/p/$project/data/$dataset/$version',
            params: { project, dataset: view.dataset, version: versions[column]!.version },
          })
        }
      >
        <p className="flex flex-wrap gap-x-4">
          <span>
            <StatusMark mark="ok" /> holds
          </span>
          <span>
            <StatusMark mark="fail" /> broken
          </span>
          <span>
            <StatusMark mark="attention" /> warned
          </span>
          <span>· not checked</span>
          <span className="max-md:hidden">
            Point at a mark, or use the arrow keys, for its counts; Enter opens the version.
          </span>
        </p>
      </CellGrid>
    </Section>
  );
}

/** `{ rule: range, column: hour, min: 0, max: 23 }` without what its name says already. */
function detailOf(text: string): string {
  return text
    .replace(/^\{\s*|\s*\}$/g, '')
    .replace(/^rule: \w+,?\s*/, '')
    .replace(/column: [^,]+,?\s*/, '');
}

function Mark({ mark }: { mark: Mark | null }) {
  return (
    <span aria-hidden="true" className="flex h-full items-center justify-center">
      {mark === null ? <span className="text-line-strong">·</span> : <StatusMark mark={mark} />}
    </span>
  );
}

/** A share as a column from the foot of its cell. */
function Column({ share, colour }: { share: number; colour: string }) {
  return (
    <span aria-hidden="true" className="relative block h-full">
      <span
        className="absolute inset-x-0.5 bottom-0 block"
        style={{
          height: `${share === 0 ? 0 : Math.max(6, share * 100)}%`,
          background: `var(--color-${colour})`,
        }}
      />
    </span>
  );
}

function Versions({ project, view }: { project: string; view: ExpectationHistoryView }) {
  return (
    <Section title="Versions" note="newest first">
      <Wide label={`Versions of ${view.dataset}`}>
        <table className="table">
          <thead>
            <tr>
              <th>Version</th>
              <th>Status</th>
              <th className="num">Rows</th>
              <th className="num">Kept apart</th>
              <th className="num">Rules broken</th>
              <th>Registered</th>
            </tr>
          </thead>
          <tbody>
            {view.versions
              .map((version, column) => ({ version, column }))
              .toReversed()
              .map(({ version, column }) => {
                const checked = view.rules.filter(rule => rule.results[column] != null);
                const broken = checked.filter(rule => rule.results[column]!.passed === false).length;
                return (
                  <tr key={version.version}>
                    <td>
                      <Link
                        to="/p/$project/data/$dataset/$version"
                        params={{ project, dataset: view.dataset, version: version.version }}
                        className="link"
                      >
                        <Id id={version.version} />
                      </Link>
                    </td>
                    <td>
                      <Status status={version.status} />
                    </td>
                    <td className="num">{whole(version.rows)}</td>
                    <td className="num">
                      {version.quarantined === 0
                        ? '0'
                        : `${whole(version.quarantined)} (${shareWords(version.quarantined / cameIn(version))})`}
                    </td>
                    <td className="num">
                      {checked.length === 0 ? 'not checked' : `${whole(broken)} of ${whole(checked.length)}`}
                    </td>
                    <td>
                      <Time at={version.createdAt} />
                    </td>
                  </tr>
                );
              })}
          </tbody>
        </table>
      </Wide>
    </Section>
  );
}

function NoVersions({ dataset }: { dataset: string }) {
  return (
    <EmptyState
      title={`What the rules say of ${dataset} will appear here`}
      lines={[
        `npx twinloop data suggest ${dataset}`,
        'npx twinloop apply',
        `npx twinloop data add ${dataset} FILE`,
      ]}
    >
      Every version is held against the expectations of twinloop.yaml: which rules held, on how many rows, and
      which rows were kept apart.
    </EmptyState>
  );
}
