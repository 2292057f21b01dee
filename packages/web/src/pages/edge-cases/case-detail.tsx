import type { EdgeCaseView, EdgeTestView } from '@twinloop/client';
import { Command, CopyButton } from '../../parts/command.js';
import { ErrorPanel } from '../../parts/error-panel.js';
import { Facts } from '../../parts/page.js';
import { StatusMark } from '../../parts/status-mark.js';
import { removeCommands, scalar, testCommands } from './answer.js';
import { useEdgeTests } from './use-tests.js';

/** One request: what it asked, why it is strange, and the prediction test that it can become. */
export function CaseDetail(props: {
  project: string;
  endpoint: string;
  edge: EdgeCaseView;
  made: EdgeTestView | undefined;
}) {
  const { project, endpoint, edge, made } = props;
  const { add, remove, url } = useEdgeTests(project, endpoint);
  const strange = new Set(edge.reasons.map(({ column }) => column));
  const commands =
    made === undefined
      ? testCommands({ project, endpoint, id: edge.id, url: url.add(edge.id) })
      : removeCommands({ project, endpoint, name: made.name, url: url.remove(made.name) });
  const error = add.error ?? remove.error;
  return (
    <div className="grid gap-x-10 gap-y-5 py-2 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <div className="min-w-0">
        <h3 className="mb-2">
          Inputs of <code>{edge.id}</code>
        </h3>
        <Facts
          items={Object.entries(edge.inputs).map(([name, value]) => [
            name,
            <span key={name} className={strange.has(name) ? 'font-semibold' : ''}>
              {strange.has(name) && <StatusMark mark="attention" />} {scalar(value)}
            </span>,
          ])}
        />
        <div className="mt-5 flex flex-wrap items-center gap-x-3 gap-y-2" role="status">
          {made === undefined ? (
            <button
              type="button"
              className="button button-main"
              disabled={add.isPending}
              onClick={() => add.mutate(edge.id)}
            >
              Make it a prediction test
            </button>
          ) : (
            <>
              <span className="flex items-center gap-1.5">
                <StatusMark mark="ok" />
                <span>
                  It is one: the <code>predictions</code> gate asks “{made.name}” of every candidate.
                </span>
              </span>
              <button
                type="button"
                className="button"
                disabled={remove.isPending}
                onClick={() => remove.mutate(made.name)}
              >
                Remove the test
              </button>
            </>
          )}
        </div>
        {error !== null && <ErrorPanel error={error} />}
        <div className="mt-3 grid gap-1">
          <span className="text-xs text-soft">
            {made === undefined ? 'The same' : 'Removing it'} from a terminal or a script:
          </span>
          <Command text={commands.cli} what="the command line" />
          <Command text={commands.api} what="the API call" />
        </div>
      </div>
      <div className="min-w-0">
        <h3 className="mb-2">As a prediction test</h3>
        <div className="flex items-start gap-1 border-l-2 border-line bg-raised py-1 pr-1 pl-3">
          <pre className="min-w-0 flex-1 py-1 leading-5 [overflow-wrap:anywhere] whitespace-pre-wrap">
            {edge.test}
          </pre>
          <CopyButton text={edge.test} what="the prediction test" />
        </div>
      </div>
    </div>
  );
}
