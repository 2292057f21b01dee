import { useMutation } from '@tanstack/react-query';
import { useProject } from '../../app/project.js';
import { whole } from '../../format/numbers.js';
import { clientOf } from '../../live/api.js';
import { ErrorPanel } from '../../parts/error-panel.js';
import { StatusMark } from '../../parts/status-mark.js';

/** Recomputes every hash of the chain on the server and says what held. */
export function Verify() {
  const project = useProject();
  const verify = useMutation({ mutationFn: () => clientOf(project).verifyLedger() });
  const { data, error, isPending } = verify;
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={isPending}
        title="twinloop ledger verify"
        onClick={() => verify.mutate()}
      >
        {isPending ? 'Verifying …' : 'Verify the chain'}
      </button>
      <div role="status" className="basis-full text-right empty:hidden">
        {data?.ok === true && (
          <span className="inline-flex items-baseline gap-1.5">
            <StatusMark mark="ok" />
            <span>
              All {whole(data.entries)} entries hold; the last is{' '}
              <code title={data.head}>{data.head.slice(0, 12)}</code>
            </span>
          </span>
        )}
        {data?.ok === false && (
          <span className="inline-flex items-baseline gap-1.5 text-fail">
            <StatusMark mark="fail" />
            Entry {data.seq} does not hold: {data.reason}
          </span>
        )}
      </div>
      {error !== null && <ErrorPanel error={error} />}
    </>
  );
}
