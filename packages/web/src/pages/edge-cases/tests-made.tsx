import type { EdgeCasesView, EdgeTestView } from '@twinloop/client';
import { ErrorPanel } from '../../parts/error-panel.js';
import { Wide } from '../../parts/layout/wide.js';
import { Time } from '../../parts/time.js';
import { useEdgeTests } from './use-tests.js';

/** Prediction tests that were made of requests: they stay when the request has left the window. */
export function TestsMade({ project, view }: { project: string; view: EdgeCasesView }) {
  const { remove } = useEdgeTests(project, view.endpoint);
  if (view.tests.length === 0)
    return (
      <p className="max-w-[72ch] text-soft">
        None yet. Open a request and make it a prediction test: every candidate must then answer it within its
        bounds before it is registered.
      </p>
    );
  return (
    <>
      <Wide label="Tests made of edge cases">
        <table className="table">
          <thead>
            <tr>
              <th>Test</th>
              <th>Of request</th>
              <th>Expects</th>
              <th>By</th>
              <th>Since</th>
              <th>
                <span className="sr-only">Remove</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {view.tests.map(test => (
              <tr key={test.name}>
                <td className="min-w-[140px]">{test.name}</td>
                <td>
                  <code>{test.prediction}</code>
                </td>
                <td>
                  <code>{expectationOf(test)}</code>
                </td>
                <td>{test.by}</td>
                <td>
                  <Time at={test.addedAt} form="dayYear" />
                </td>
                <td className="num">
                  <button
                    type="button"
                    className="button button-quiet -my-1"
                    disabled={remove.isPending}
                    onClick={() => remove.mutate(test.name)}
                  >
                    Remove<span className="sr-only"> {test.name}</span>
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      {remove.error !== null && <ErrorPanel error={remove.error} />}
    </>
  );
}

function expectationOf({ test }: EdgeTestView): string {
  const expect = test !== null && typeof test === 'object' && 'expect' in test ? test['expect'] : test;
  return JSON.stringify(expect).replaceAll('"', '').replaceAll(':', ': ').replaceAll(',', ', ');
}
