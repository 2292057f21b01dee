/** Wire types of drift over time: `GET /monitors/:endpoint/matrix`. */

/** What a row of the matrix is about. */
export type DriftSubjectKind = 'input' | 'missing' | 'prediction' | 'label' | 'joint' | 'text';

/** Subjects × windows, oldest window first; most important subject first. */
export interface DriftMatrixView {
  readonly endpoint: string;
  readonly reference: {
    readonly model: string;
    readonly rows: number;
    /** `training`, or what it is held against: `same weekday and hour`. */
    readonly held: string;
  };
  /** The stated false-alarm rate, and what a shift must exceed. */
  readonly alpha: number;
  readonly tolerance: number;
  readonly windows: readonly {
    readonly from: number;
    readonly until: number;
    readonly rows: number;
    readonly signals: number;
    readonly alarm: boolean;
  }[];
  readonly subjects: readonly DriftSubjectView[];
}
export interface DriftSubjectView {
  readonly subject: string;
  readonly kind: DriftSubjectKind;
  /** Share of the model's importance; null for what has none. */
  readonly importance: number | null;
  /** One a window; null where it was not looked at. */
  readonly cells: readonly (DriftCellView | null)[];
}
export interface DriftCellView {
  readonly effect: number;
  readonly adjustedP: number;
  readonly drifted: boolean;
}
/** Why it matters: one of `MonitorsView.causes`, heaviest first. */
export interface DriftCauseView {
  readonly subject: string;
  /** Share of all weighted drift of the window. */
  readonly weight: number;
  /** Expected loss by this shift, in the watched loss's unit or AUC; null where it cannot be said. */
  readonly expectedLoss: { readonly metric: string; readonly value: number } | null;
  readonly sentence: string;
}
