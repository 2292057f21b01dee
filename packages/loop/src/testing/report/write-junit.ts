import { type Evidence, formatCount, formatFigure, formatInterval, type Verdict } from '@twinloop/kernel';

/** XML 1.0 allows no control characters, escaped or not; they are replaced. */
function escape(text: string): string {
  return text
    .replace(
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      '\ufffd',
    )
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function line({ statistic, value, interval, n, threshold, method }: Evidence): string {
  const sure = interval === undefined ? '' : ` ${formatInterval(interval)}`;
  const bound = threshold === undefined ? '' : `, threshold ${formatFigure(threshold)}`;
  return `${statistic} = ${formatFigure(value)}${sure}, n = ${formatCount(n)}${bound} (${method})`;
}

/**
 * The verdicts as JUnit XML, one test case a gate, as CI systems read it: `fail` is a failure, `inconclusive` a
 * skipped case with its reason. Without times, so the same verdicts give the same bytes.
 */
export function toJUnit(run: string, verdicts: readonly Verdict[]): string {
  const failures = verdicts.filter(({ status }) => status === 'fail').length;
  const skipped = verdicts.filter(({ status }) => status === 'inconclusive').length;
  const counts = `tests="${verdicts.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
  const cases = verdicts.map(({ gate, status, reason, evidence }) => {
    const result =
      status === 'fail'
        ? `      <failure message="${escape(reason)}" type="gate_failed"/>\n`
        : status === 'inconclusive'
          ? `      <skipped message="${escape(reason)}"/>\n`
          : '';
    const told = [...(status === 'pass' ? [reason] : []), ...evidence.map(line)].map(escape).join('\n');
    return `    <testcase classname="twinloop.gates" name="${escape(gate)}">\n${result}      <system-out>${told}</system-out>\n    </testcase>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="twinloop" ${counts}>
  <testsuite name="${escape(run)}" ${counts}>
${cases.join('')}  </testsuite>
</testsuites>
`;
}
