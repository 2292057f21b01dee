import type { EdgeCaseView, EdgeTestView } from '@twinloop/client';
import { Fragment, useEffect, useRef } from 'react';
import { figure, fixed } from '../../format/numbers.js';
import { Wide } from '../../parts/layout/wide.js';
import { StatusMark } from '../../parts/status-mark.js';
import { Time } from '../../parts/time.js';
import { strangenessWords } from './answer.js';
import { CaseDetail } from './case-detail.js';

/** Strangest first; a row opens below itself. */
export function CaseList(props: {
  project: string;
  endpoint: string;
  cases: readonly EdgeCaseView[];
  tests: readonly EdgeTestView[];
  active: string | undefined;
  open: string | undefined;
  onToggle: (id: string) => void;
}) {
  const { cases, tests, active, open, onToggle } = props;
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    // Newer browsers return a promise, which is no clean-up.
    void row.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <Wide label="Edge cases, strangest first">
      <table className="table">
        <thead>
          <tr>
            <th>Request</th>
            <th className="num">Stranger than</th>
            <th>Why</th>
            <th className="num">Answer</th>
            <th className="num">Label</th>
            <th>Test</th>
            <th>Time</th>
          </tr>
        </thead>
        <tbody>
          {cases.map(edge => {
            const made = tests.find(({ prediction }) => prediction === edge.id);
            const isOpen = edge.id === open;
            return (
              <Fragment key={edge.id}>
                <tr
                  ref={edge.id === active ? row : null}
                  className={`cursor-pointer ${edge.id === active ? 'bg-accent-wash' : 'hover:bg-raised'}`}
                  onClick={event => {
                    // The button in the row says the same to those without a mouse.
                    if (!(event.target instanceof Element && event.target.closest('button')))
                      onToggle(edge.id);
                  }}
                >
                  <td>
                    <button
                      type="button"
                      className="link text-left"
                      aria-expanded={isOpen}
                      onClick={() => onToggle(edge.id)}
                    >
                      <code>{edge.id}</code>
                    </button>
                  </td>
                  <td className="num">{strangenessWords(edge.strangeness)}</td>
                  <td className="min-w-[260px]">{edge.reasons.map(({ text }) => text).join('; ')}</td>
                  <td className="num">{fixed(edge.score, Math.abs(edge.score) >= 10 ? 1 : 3)}</td>
                  <td className="num">
                    {edge.label === null ? <span className="text-soft">not yet</span> : figure(edge.label)}
                  </td>
                  <td>
                    {made !== undefined && (
                      <span className="flex items-center gap-1.5 whitespace-nowrap">
                        <StatusMark mark="ok" />a test
                      </span>
                    )}
                  </td>
                  <td>
                    <Time at={edge.at} />
                  </td>
                </tr>
                {isOpen && (
                  <tr>
                    <td colSpan={7} className="bg-page">
                      <div className="sticky left-0 max-w-[calc(100vw-36px)] border-l-2 border-accent pl-4 max-md:pl-3">
                        <CaseDetail
                          project={props.project}
                          endpoint={props.endpoint}
                          edge={edge}
                          made={made}
                        />
                      </div>
                    </td>
                  </tr>
                )}
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </Wide>
  );
}
