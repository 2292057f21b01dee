import type { DatasetVersionView } from '@twinloop/client';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useProject } from '../../app/project.js';
import { counted, whole } from '../../format/numbers.js';
import { datasetsQuery } from '../../live/queries.js';
import { EmptyState } from '../../parts/empty-state.js';
import { Loaded } from '../../parts/loaded.js';
import { ArchivedFilter, ArchivedWord } from '../../parts/objects/archived-filter.js';
import { Id, PageHead, Section } from '../../parts/page.js';
import { Status } from '../../parts/status-mark.js';
import { Time } from '../../parts/time.js';
import { Wide } from '../../parts/layout/wide.js';

/** Which data is the loop built from, and what was refused? */
export function DataPage() {
  const project = useProject();
  const { archived = false } = useSearch({ from: '/p/$project/data' });
  const navigate = useNavigate({ from: '/p/$project/data' });
  const query = useQuery(datasetsQuery(project, archived));
  const versions = query.data ?? [];
  const refused = versions.filter(v => v.status === 'refused').length;
  return (
    <>
      <PageHead
        title="Data"
        {...(versions.length === 0
          ? {}
          : {
              answer: `${counted(versions.length - refused, 'version')} accepted, ${whole(refused)} refused before training.`,
            })}
      >
        <ArchivedFilter
          on={archived}
          onChange={on => void navigate({ search: on ? { archived: true } : {}, replace: true })}
        />
      </PageHead>
      <Loaded query={query}>
        {all =>
          all.length === 0 ? (
            <NoData />
          ) : (
            groups(all).map(([name, list]) => <Dataset key={name} name={name} versions={list} />)
          )
        }
      </Loaded>
    </>
  );
}

function groups(
  versions: readonly DatasetVersionView[],
): readonly (readonly [string, readonly DatasetVersionView[]])[] {
  const byName = new Map<string, DatasetVersionView[]>();
  for (const version of versions)
    byName.set(version.dataset, [...(byName.get(version.dataset) ?? []), version]);
  return [...byName].map(([name, list]) => [name, list.sort((a, b) => b.createdAt - a.createdAt)] as const);
}

function Dataset({ name, versions }: { name: string; versions: readonly DatasetVersionView[] }) {
  const project = useProject();
  return (
    <Section
      title={name}
      note={
        <>
          {counted(versions.length, 'version')}, newest first ·{' '}
          <Link to="/p/$project/data/$dataset" params={{ project, dataset: name }} className="link">
            what the rules said of {name} over time
          </Link>
        </>
      }
    >
      <Wide label={`Versions of ${name}`}>
        <table className="table">
          <thead>
            <tr>
              <th>Version</th>
              <th>Status</th>
              <th className="num">Rows</th>
              <th className="num">Columns</th>
              <th>Expectations</th>
              <th>Source</th>
              <th>Registered</th>
              <th>Made from</th>
            </tr>
          </thead>
          <tbody>
            {versions.map(v => (
              <tr key={v.version}>
                <td>
                  <Link
                    to="/p/$project/data/$dataset/$version"
                    params={{ project, dataset: name, version: v.version }}
                    className="link"
                  >
                    <Id id={v.version} />
                  </Link>
                  <ArchivedWord archived={v.archived} />
                </td>
                <td>
                  <Status status={v.status} />
                </td>
                <td className="num">{whole(v.rows)}</td>
                <td className="num">{whole(v.columns.length)}</td>
                <td className="min-w-[260px]">
                  {v.findings.length === 0 ? (
                    <span className="text-soft">
                      {v.checked} of {v.checked} hold
                    </span>
                  ) : (
                    <ul>
                      {v.findings.map(finding => (
                        <li key={finding.message}>{finding.message}</li>
                      ))}
                    </ul>
                  )}
                </td>
                <td className="min-w-[180px]">{v.source}</td>
                <td>
                  <Time at={v.createdAt} />
                </td>
                <td>{v.parent === null ? <span className="text-soft">first</span> : <Id id={v.parent} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </Section>
  );
}

function NoData() {
  return (
    <EmptyState
      title="Versions of your data will appear here"
      lines={['npx twinloop init my-project', 'npx twinloop plan', 'npx twinloop apply']}
    >
      Each version is known by the hash of its content, with its schema, a profile of every column, and the
      expectations it met or broke.
    </EmptyState>
  );
}
