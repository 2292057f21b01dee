/** Wire types of the working day: `GET /today`. */

/** Something that waits for a person. */
export interface WaitingItem {
  readonly kind:
    | 'approval'
    | 'inconclusive'
    | 'missing-labels'
    | 'failing-data'
    | 'failed-run'
    | 'held-traffic'
    | 'held-policy'
    | 'alarm'
    | 'failing-notification';
  readonly since: number;
  /** One plain sentence. */
  readonly sentence: string;
  /** Path below the project's page: `/endpoint/late`. */
  readonly path: string;
  /** The command that answers it. */
  readonly command: string;
}

/** One of the five daily tasks and how it stands. */
export interface DailyTask {
  readonly task: 'monitor' | 'retrain' | 'deploy' | 'validate' | 'scale';
  readonly state: 'ok' | 'working' | 'attention';
  /** One plain sentence with its figures. */
  readonly text: string;
  readonly figures: readonly { readonly label: string; readonly value: string }[];
  readonly path: string;
  readonly command: string;
}

export interface TodayView {
  readonly now: number;
  /** Most urgent first. */
  readonly waiting: readonly WaitingItem[];
  readonly tasks: readonly DailyTask[];
}
