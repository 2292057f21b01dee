import type { ColumnProfileView, DatasetDetail } from '@twinloop/client';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { figure, percent, whole } from '../../format/numbers.js';
import { moment } from '../../format/time.js';
import { datasetQuery } from '../../live/queries.js';
import { Bar, Histogram } from '../../parts/histogram.js';
import { Loaded } from '../../parts/loaded.js';
import { ObjectActions } from '../../parts/objects/object-actions.js';
import { Facts, Id, PageHead, Section } from '../../parts/page.js';
import { Status, StatusMark } from '../../parts/status-mark.js';
import { Time } from '../../parts/time.js';
import { Wide } from '../../parts/layout/wide.js';
import { Quarantine } from './quarantine.js';
import { Suggestions } from './suggestions.js';

/** One version: what it holds, and which expectations it broke. */
export function VersionPage() {
  const { project, dataset, version } = useParams({ from: '/p/$project/data/$dataset/$version' });
  const query = useQuery(datasetQuery(project, dataset, version));
  const navigate = useNavigate();
  return (
    <>
      <PageHead
        title={`${dataset} ${version.slice(0, 12)}`}
        {...(query.data === undefined ? {} : { answer: answerOf(query.data) })}
      >
        <Link to="/p/$project/data/$dataset" params={{ project, dataset }} className="button">
          All versions of {dataset}
        </Link>
        {query.data !== undefined && (
          <ObjectActions
            project={project}
            kind="dataset-version"
            id={`${dataset}@${version}`}
            onDeleted={() => void navigate({ to: '/p/$project/data', params: { project } })}
          />
        )}
      </PageHead>
      <Loaded query={query}>
        {data => (
          <>
            <div className="mb-8">
              <Facts
                items={[
                  ['Status', <Status key="s" status={data.status} />],
                  ['Rows', whole(data.rows)],
                  ['Columns', whole(data.columns.length)],
                  ['Registered', <Time key="t" at={data.createdAt} />],
                  ['Source', data.source],
                  ['Made from', data.parent === null ? 'first version' : <Id key="p" id={data.parent} />],
                ]}
              />
            </div>
            {data.findings.length > 0 && <Findings data={data} />}
            <Quarantine project={project} dataset={dataset} version={data.version} />
            <Section title="Columns" note={`profile over ${whole(data.rows)} rows`}>
              <Wide label="Columns">
                <table className="table">
                  <thead>
                    <tr>
                      <th>Column</th>
                      <th>Type</th>
                      <th className="num">Missing</th>
                      <th className="num">Distinct</th>
                      <th>Shape</th>
                      <th className="num">Least</th>
                      <th className="num">Mean</th>
                      <th className="num">Greatest</th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.profile.map(column => (
                      <Column key={column.name} column={column} rows={data.rows} />
                    ))}
                  </tbody>
                </table>
              </Wide>
            </Section>
            <Suggestions project={project} dataset={dataset} version={data.version} />
          </>
        )}
      </Loaded>
    </>
  );
}

function answerOf(data: DatasetDetail): string {
  const errors = data.findings.filter(f => f.severity === 'error').length;
  if (data.status === 'refused')
    return `Refused before training: ${whole(errors)} of ${whole(data.checked)} expectations do not hold.`;
  const warnings = data.findings.length - errors;
  return `Accepted: ${whole(data.checked)} expectations checked${warnings > 0 ? `, ${whole(warnings)} warned` : ', all hold'}.`;
}

function Findings({ data }: { data: DatasetDetail }) {
  return (
    <Section
      title="Broken expectations"
      note={`${whole(data.findings.length)} of ${whole(data.checked)} checked`}
    >
      <Wide label="Broken expectations">
        <table className="table">
          <thead>
            <tr>
              <th>Severity</th>
              <th>Rule</th>
              <th>Column</th>
              <th className="num">Rows that break it</th>
              <th>What was found</th>
            </tr>
          </thead>
          <tbody>
            {data.findings.map(finding => (
              <tr key={`${finding.rule}${finding.column}`}>
                <td>
                  <span className="flex items-center gap-1.5">
                    <StatusMark mark={finding.severity === 'error' ? 'fail' : 'attention'} />
                    {finding.severity}
                  </span>
                </td>
                <td>{finding.rule}</td>
                <td>
                  <code>{finding.column ?? '–'}</code>
                </td>
                <td className="num">
                  {whole(finding.count)} of {whole(finding.rows)}
                </td>
                <td className="min-w-[240px]">{finding.message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </Section>
  );
}

function Column({ column, rows }: { column: ColumnProfileView; rows: number }) {
  const { name, type, missing, distinct, numeric, categorical } = column;
  const asText = (value: number): string => (type === 'time' ? moment(value) : figure(value));
  return (
    <tr>
      <td>
        <code>{name}</code>
      </td>
      <td className="text-soft">{type}</td>
      <td className="num">
        {missing === 0 ? '0' : `${whole(missing)} (${percent(missing / Math.max(1, rows))})`}
      </td>
      <td className="num">{whole(distinct)}</td>
      <td>
        {numeric !== undefined && (
          <Histogram counts={numeric.histogram.counts} label={`Histogram of ${name}`} />
        )}
        {categorical !== undefined &&
          (distinct > 1 && distinct === column.count - missing ? (
            <span className="text-soft">every value different</span>
          ) : (
            <Top categorical={categorical} rows={rows} />
          ))}
      </td>
      <td className="num">{numeric === undefined ? '' : asText(numeric.min)}</td>
      <td className="num">{numeric === undefined ? '' : asText(numeric.mean)}</td>
      <td className="num">{numeric === undefined ? '' : asText(numeric.max)}</td>
    </tr>
  );
}

function Top({
  categorical,
  rows,
}: {
  categorical: NonNullable<ColumnProfileView['categorical']>;
  rows: number;
}) {
  const shown = categorical.top.slice(0, 3);
  const rest = categorical.top.slice(3).reduce((sum, [, count]) => sum + count, 0) + categorical.other;
  return (
    <ul className="grid gap-0.5">
      {[...shown, ...(rest > 0 ? ([['others', rest]] as const) : [])].map(([value, count]) => (
        <li key={value} className="grid grid-cols-[64px_96px_auto] items-center gap-2 text-xs leading-4">
          <span className="truncate" title={value}>
            {value}
          </span>
          <Bar share={count / Math.max(1, rows)} />
          <span className="text-soft">{percent(count / Math.max(1, rows), 0)}</span>
        </li>
      ))}
    </ul>
  );
}
