import type { ModelView } from '@twinloop/client';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { percent } from '../../format/numbers.js';
import { clientOf } from '../../live/api.js';
import { cardQuery, modelQuery, modelsQuery } from '../../live/queries.js';
import { Bar } from '../../parts/histogram.js';
import { Loaded } from '../../parts/loaded.js';
import { ObjectActions } from '../../parts/objects/object-actions.js';
import { Facts, Id, PageHead, Section } from '../../parts/page.js';
import { Status } from '../../parts/status-mark.js';
import { Time } from '../../parts/time.js';
import { lineage, metric, metricNames } from './figures.js';
import { Markdown } from './markdown-view.js';

/** One model: where it comes from, how good it is, and its card. */
export function ModelPage() {
  const { project, model } = useParams({ from: '/p/$project/models/$model' });
  const query = useQuery(modelQuery(project, model));
  const navigate = useNavigate();
  const card = useQuery(cardQuery(project, model));
  return (
    <>
      <PageHead
        title={model}
        {...(query.data === undefined
          ? {}
          : { answer: `${query.data.algorithm}, ${STAGE[query.data.stage]}.` })}
      >
        <a className="button" href={clientOf(project).url(`/models/${encodeURIComponent(model)}/onnx`)}>
          ONNX file
        </a>
        <a className="button" href={clientOf(project).url(`/models/${encodeURIComponent(model)}/card`)}>
          Card as Markdown
        </a>
        {query.data !== undefined && (
          <ObjectActions
            project={project}
            kind="model"
            id={model}
            onDeleted={() => void navigate({ to: '/p/$project/runs', params: { project } })}
          />
        )}
      </PageHead>
      <Loaded query={query}>{data => <Detail project={project} model={data} />}</Loaded>
      <Section title="Card" note="written from the ledger alone">
        <Loaded query={card}>{text => <Markdown text={text} />}</Loaded>
      </Section>
    </>
  );
}

const STAGE = {
  live: 'in service',
  shadow: 'tried in shadow',
  retired: 'out of service',
  registered: 'registered, never in service',
} as const;

function Detail({ project, model }: { project: string; model: ModelView }) {
  const models = useQuery(modelsQuery(project));
  const parents = new Map([...(models.data ?? []), model].map(m => [m.model, m.parent] as const));
  const ancestors = lineage(model.model, parents);
  const importance = Object.entries(model.importance).sort((a, b) => b[1] - a[1]);
  const top = Math.max(1e-12, ...importance.map(([, value]) => value));
  return (
    <>
      <div className="mb-8">
        <Facts
          min={150}
          items={[
            ['Stage', <Status key="s" status={model.stage} />],
            ['Registered', <Time key="t" at={model.createdAt} />],
            [
              'Made by',
              <Link key="r" to="/p/$project/runs/$run" params={{ project, run: model.run }} className="link">
                <code>{model.run}</code>
              </Link>,
            ],
            [
              'Data',
              <Link
                key="d"
                to="/p/$project/data/$dataset/$version"
                params={{ project, dataset: model.dataset, version: model.datasetVersion }}
                className="link"
              >
                {model.dataset} <Id id={model.datasetVersion} />
              </Link>,
            ],
            ['Hash', <Id key="h" id={model.hash} length={16} />],
          ]}
        />
      </div>
      <div className="grid gap-x-10 md:grid-cols-2">
        <Section title="Metrics" note="on held-out rows">
          <table className="table">
            <tbody>
              {metricNames([model.metrics]).map(name => (
                <tr key={name}>
                  <td>{name}</td>
                  <td className="num font-semibold">{metric(model.metrics[name])}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <h3 className="mt-5 mb-1">Lineage</h3>
          <ol>
            <li>
              <code>{model.model}</code> <span className="text-soft">this model</span>
            </li>
            {ancestors.map(name => (
              <li key={name}>
                <span className="text-soft">← made as challenger of </span>
                <Link to="/p/$project/models/$model" params={{ project, model: name }} className="link">
                  <code>{name}</code>
                </Link>
              </li>
            ))}
            {ancestors.length === 0 && <li className="text-soft">the first of its line</li>}
          </ol>
        </Section>
        <Section title="Importance of features" note="share of the whole">
          {importance.length === 0 && <p className="text-soft">This algorithm reports none.</p>}
          <ul>
            {importance.map(([name, value]) => (
              <li
                key={name}
                className="grid grid-cols-[minmax(0,140px)_minmax(0,180px)_52px] items-center gap-3"
              >
                <code className="truncate">{name}</code>
                <Bar share={value / top} width={180} />
                <span className="text-right">{percent(value)}</span>
              </li>
            ))}
          </ul>
        </Section>
      </div>
    </>
  );
}
