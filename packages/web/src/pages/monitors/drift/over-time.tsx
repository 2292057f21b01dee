import type { DriftMatrixView } from '@twinloop/client';
import { useQuery } from '@tanstack/react-query';
import { percent, whole } from '../../../format/numbers.js';
import { matrixQuery } from '../../../live/queries.js';
import { Loaded } from '../../../parts/loaded.js';
import { Section } from '../../../parts/page.js';
import { Matrix } from './matrix.js';

/** The matrix under its heading, asked for by itself: the rest of the page does not wait for it. */
export function DriftOverTime(props: {
  project: string;
  endpoint: string;
  features: ReadonlySet<string>;
  chosen: string | undefined;
}) {
  const { project, endpoint } = props;
  const query = useQuery(matrixQuery(project, endpoint));
  return (
    <Section title="Drift over time" {...(query.data === undefined ? {} : { note: heldAgainst(query.data) })}>
      <Loaded query={query}>
        {view =>
          view.windows.length === 0 ? (
            <p className="text-soft">
              No window has been looked at yet; the first one closes when it holds enough requests.
            </p>
          ) : (
            <Matrix project={project} view={view} features={props.features} chosen={props.chosen} />
          )
        }
      </Loaded>
    </Section>
  );
}

function heldAgainst({ reference, alpha }: DriftMatrixView): string {
  return `held against ${reference.held === 'training' ? 'training' : `the ${reference.held}`}: ${whole(reference.rows)} rows of ${reference.model}; stated false-alarm rate ${percent(alpha, alpha < 0.01 ? 1 : 0)}`;
}
