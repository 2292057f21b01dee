import type { Entry, EpochMs, ProjectId, SeriesStore } from '@twinloop/kernel';
import type { DriftFinding } from '@twinloop/loop/monitoring';
import type { DriftMatrixView, DriftSubjectKind, DriftSubjectView } from '@twinloop/client';

const EFFECT = 'twinloop_drift_effect';
const P_VALUE = 'twinloop_drift_p';
/** So many windows a page shows. */
const WINDOWS = 60;

/** Effects and corrected p-values of every look, drifted or not, as series that outlive the process. */
export class DriftHistory {
  readonly #store: SeriesStore;
  readonly #project: ProjectId;
  /** Of the newest look, for /metrics. */
  latest: readonly DriftFinding[] = [];

  constructor(store: SeriesStore, project: ProjectId) {
    this.#store = store;
    this.#project = project;
  }

  /** The same look twice leaves one sample: the later append of a moment counts. */
  async remember(endpoint: string, at: EpochMs, findings: readonly DriftFinding[]): Promise<void> {
    this.latest = findings;
    await this.#store.append(
      this.#project,
      findings
        .filter(({ effect, adjustedP }) => Number.isFinite(effect) && Number.isFinite(adjustedP))
        .flatMap(({ subject, kind, effect, adjustedP }) =>
          [
            [EFFECT, effect],
            [P_VALUE, adjustedP],
          ].map(([name, value]) => ({
            labels: { __name__: name as string, endpoint, subject, kind },
            samples: [{ at, value: value as number }],
          })),
        ),
    );
  }

  /** Subjects × looks: cells from the series, which of them were signals from the ledger. */
  async matrix(
    endpoint: string,
    entries: readonly Entry[],
    importance: Readonly<Record<string, number>>,
  ): Promise<Pick<DriftMatrixView, 'windows' | 'subjects'>> {
    const looks = windowsOf(entries, endpoint);
    if (looks.length === 0) return { windows: [], subjects: [] };
    const series = await this.#store.select({
      project: this.#project,
      matchers: [
        { label: '__name__', op: '=~', value: `${EFFECT}|${P_VALUE}` },
        { label: 'endpoint', op: '=', value: endpoint },
      ],
      range: { from: looks[0]!.at, until: looks.at(-1)!.at + 1 },
    });
    const subjects = new Map<string, { kind: DriftSubjectKind; effect: Values; p: Values }>();
    for (const { labels, samples } of series) {
      const subject = labels['subject']!;
      const found = subjects.get(subject) ?? {
        kind: labels['kind'] as DriftSubjectKind,
        effect: new Map<number, number>(),
        p: new Map<number, number>(),
      };
      subjects.set(subject, found);
      const values = labels['__name__'] === EFFECT ? found.effect : found.p;
      for (const { at, value } of samples) values.set(at, value);
    }
    const views = [...subjects].map(([subject, { kind, effect, p }]): DriftSubjectView => {
      const column =
        kind === 'input' ? subject : kind === 'missing' ? subject.replace(/ missing$/, '') : null;
      return {
        subject,
        kind,
        importance: column === null ? null : (importance[column] ?? 0),
        cells: looks.map(({ at, drifted }) => {
          const [size, adjustedP] = [effect.get(at), p.get(at)];
          if (size === undefined || adjustedP === undefined) return null;
          return { effect: size, adjustedP, drifted: drifted.has(subject) };
        }),
      };
    });
    return {
      windows: looks.map(({ at, from, rows, drifted, alarm }) => ({
        from,
        until: at,
        rows,
        signals: drifted.size,
        alarm,
      })),
      subjects: views.sort(
        (a, b) => (b.importance ?? -1) - (a.importance ?? -1) || (a.subject < b.subject ? -1 : 1),
      ),
    };
  }
}

type Values = Map<number, number>;

interface Look {
  readonly at: EpochMs;
  readonly from: EpochMs;
  readonly rows: number;
  readonly drifted: Set<string>;
  alarm: boolean;
}

/** The newest looks at the drift monitor, oldest first, with the signals of each and whether one raised an alarm. */
function windowsOf(entries: readonly Entry[], endpoint: string): readonly Look[] {
  const looks = new Map<string, Look>();
  for (const entry of entries) {
    if (entry.type === 'WindowObserved') {
      const { monitor, window, n } = entry.payload;
      if (monitor !== 'drift' || entry.payload.endpoint !== endpoint) continue;
      const from = Number(window.slice(window.lastIndexOf('/') + 1));
      looks.set(window, { at: entry.at, from, rows: n, drifted: new Set(), alarm: false });
    } else if (entry.type === 'SignalRaised') {
      looks.get(entry.payload.window)?.drifted.add(entry.payload.signal.subject);
    } else if (entry.type === 'AlarmRaised' && entry.payload.kind === 'data-drift') {
      for (const look of looks.values()) if (look.at === entry.at) look.alarm = true;
    }
  }
  return [...looks.values()].slice(-WINDOWS);
}
