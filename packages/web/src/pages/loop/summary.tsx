import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useProject } from '../../app/project.js';
import { lossText, lossTitle } from '../../format/loss.js';
import { counted, whole } from '../../format/numbers.js';
import { Time } from '../../parts/time.js';
import type { LoopFigures } from './as-of.js';

const unknown = <span title="The ledger does not hold this figure for the past">–</span>;

/** Who serves, who is tried, what was spent, and how much happened: each figure with its unit. */
export function Summary({ figures }: { figures: LoopFigures }) {
  const project = useProject();
  const { endpoint, counts, budget } = figures;
  const number = (value: number | null) => (value === null ? unknown : whole(value));
  return (
    <dl
      aria-label="Summary"
      className="grid grid-cols-2 gap-x-6 gap-y-4 border-t border-line pt-3 sm:grid-cols-[1.2fr_1.2fr_1fr_1fr_1fr]"
    >
      <Cell name="Champion">
        {endpoint === null || endpoint.champion === null ? (
          'none'
        ) : (
          <>
            <ModelLink project={project} model={endpoint.champion.model} />
            <Note>
              {endpoint.champion.algorithm}, version {endpoint.champion.version}, since{' '}
              <Time at={endpoint.champion.since} form="day" />
            </Note>
          </>
        )}
      </Cell>
      <Cell name="Challenger">
        {endpoint === null || endpoint.challenger === null ? (
          <>
            none
            <Note>nothing is being tried</Note>
          </>
        ) : (
          <>
            <ModelLink project={project} model={endpoint.challenger.model} />
            <Note>
              {endpoint.challenger.algorithm}, tried since <Time at={endpoint.challenger.since} form="day" />
            </Note>
          </>
        )}
      </Cell>
      <Cell name={endpoint?.loss30d == null ? 'Loss' : lossTitle({ ...endpoint.loss30d, unit: null })}>
        {endpoint?.loss30d == null ? unknown : lossText(endpoint.loss30d)}
        <Note>
          {endpoint?.loss30d == null ? 'on recent labels' : `on ${counted(endpoint.loss30d.n, 'label')}`}
        </Note>
      </Cell>
      <Cell name="Retrainings">
        {budget === null ? number(counts.retrainings) : `${whole(budget.used)} of ${whole(budget.limit)}`}
        <Note>{budget === null ? 'no budget set' : `budget per ${budget.per}`}</Note>
      </Cell>
      <Cell name="Open alarms">
        {whole(figures.openAlarms)}
        <Note>{figures.openAlarms === 0 ? 'nothing to answer' : 'being answered'}</Note>
      </Cell>
      <Cell name="Predictions">
        {number(counts.predictions)}
        <Note>{counts.errors === null ? 'errors unknown' : `${whole(counts.errors)} errors`}</Note>
      </Cell>
      <Cell name="Labels arrived">
        {number(counts.outcomes)}
        <Note>joined to predictions</Note>
      </Cell>
      <Cell name="Promoted">
        {number(counts.promotions)}
        <Note>challengers</Note>
      </Cell>
      <Cell name="Rejected">
        {number(counts.rejections)}
        <Note>challengers</Note>
      </Cell>
      <Cell name="Recalibrated">
        {number(counts.recalibrations)}
        <Note>times</Note>
      </Cell>
    </dl>
  );
}

function Cell({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-soft">{name}</dt>
      <dd className="text-base font-semibold">{children}</dd>
    </div>
  );
}

function Note({ children }: { children: ReactNode }) {
  return <div className="text-xs font-normal text-soft">{children}</div>;
}

function ModelLink({ project, model }: { project: string; model: string }) {
  return (
    <Link to="/p/$project/models/$model" params={{ project, model }} className="link font-normal">
      <code>{model}</code>
    </Link>
  );
}
