import type { Evidence, GateFinding, RunDetail, Verdict } from '@twinloop/client';
import { figure, interval, whole } from '../../../format/numbers.js';
import { Wide } from '../../../parts/layout/wide.js';
import { markOf, StatusMark } from '../../../parts/status-mark.js';
import { reportGroups } from './groups.js';
import { IntervalMark } from './interval-mark.js';

/** The test report of a run: what was asked, by kind; what failed stands first. */
export function GateReport({ run }: { run: RunDetail }) {
  return (
    <div className="grid gap-6">
      {reportGroups(run).map(({ name, title, verdicts, status }) => (
        <section key={name} aria-label={title}>
          <h3 className="mb-1 flex items-center gap-1.5">
            <StatusMark mark={markOf(status)} />
            {title}
            <span className="font-normal text-soft">
              {verdicts.filter(one => one.status === 'pass').length} of {verdicts.length} passed
            </span>
          </h3>
          <ul className="grid gap-3">
            {verdicts.map(verdict => (
              <GateVerdict key={verdict.gate} verdict={verdict} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function GateVerdict({ verdict }: { verdict: Verdict }) {
  const { gate, status, reason, evidence, findings = [] } = verdict;
  return (
    <li className="border-l-2 border-line pl-3">
      <p className="flex items-center gap-1.5">
        <StatusMark mark={markOf(status)} />
        <b className="font-semibold">{gate}</b> {status}
      </p>
      <p className="text-soft">{reason}</p>
      {findings.length > 0 && <Findings findings={findings} />}
      {evidence.length > 0 && <Figures gate={gate} evidence={evidence} open={status !== 'pass'} />}
    </li>
  );
}

/** Open where something is wrong; a passed gate keeps its figures to itself until asked. */
function Figures({ gate, evidence, open }: { gate: string; evidence: readonly Evidence[]; open: boolean }) {
  return (
    <details open={open}>
      <summary className="w-fit text-soft">
        {evidence.length === 1 ? 'The figure' : `${evidence.length} figures`}
      </summary>
      <Wide label={`Figures of ${gate}`}>
        <table className="table">
          <thead>
            <tr>
              <th>Statistic</th>
              <th className="num">Value</th>
              <th className="num">Interval</th>
              <th className="num">Limit</th>
              <th>Interval against limit</th>
              <th className="num">n</th>
              <th>Method</th>
            </tr>
          </thead>
          <tbody>
            {evidence.map((one, i) => (
              <tr key={`${one.statistic} ${i}`}>
                <td className="min-w-[160px]">{one.statistic}</td>
                <td className="num font-semibold">{figure(one.value)}</td>
                <td className="num">{interval(one.interval, figure)}</td>
                <td className="num">{one.threshold === undefined ? '–' : figure(one.threshold)}</td>
                <td>
                  <IntervalMark evidence={one} />
                </td>
                <td className="num">{whole(one.n)}</td>
                <td className="min-w-[140px] text-soft">
                  {one.method}
                  {one.wallTime === true && ' (timed on this machine)'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </details>
  );
}

function Findings({ findings }: { findings: readonly GateFinding[] }) {
  return (
    <ul className="my-1 grid gap-1">
      {findings.map((one, i) => (
        <li key={i}>
          {one.test !== undefined && <b className="font-semibold">“{one.test}” </b>}
          {one.message}
          {one.input !== undefined && (
            <>
              {' for '}
              <code className="break-all">{one.input}</code>
            </>
          )}
          {one.file !== undefined && (
            <span className="text-soft">
              {' '}
              {one.file}:{one.line ?? 1}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
