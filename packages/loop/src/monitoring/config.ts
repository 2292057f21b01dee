export interface DriftConfig {
  /** Requests of that long, by prediction time. */
  readonly window: string;
  /** Instead of `window`: that many of the newest requests; 0: by time. */
  readonly rows: number;
  /** What the window is held against. */
  readonly reference: 'training' | 'seasonal';
  /** False-alarm rate of a whole look, over all subjects (weighted Holm). */
  readonly alpha: number;
  /** Effect in standard deviations up to which a shift is no change at all, however many rows show it. */
  readonly tolerance: number;
  /** Effect in standard deviations, times importance, from which a shift is a signal. */
  readonly matters: number;
  /** Windows in a row before a signal is believed. */
  readonly persistence: number;
  /** Below that many rows a window is skipped. */
  readonly minRows: number;
}

export interface QualityConfig {
  readonly window: string;
  /** A window is read that long after its end, so that late labels are in it. */
  readonly settle: string;
  /** The loss that is watched, by its name in @twinloop/stats. */
  readonly metric: string;
  readonly alpha: number;
  /** Loss above the champion's hold-out loss that matters; a share of that one where the loss has a unit. */
  readonly tolerance: number;
  readonly persistence: number;
  readonly minLabels: number;
}

export interface CalibrationConfig {
  readonly window: string;
  /** A window is read that long after its end, so that late labels are in it. */
  readonly settle: string;
  readonly alpha: number;
  /** |observed − predicted| that matters: a rate; for regression a share of the label's standard deviation. */
  readonly tolerance: number;
  readonly persistence: number;
  readonly minLabels: number;
}

export interface LabelsConfig {
  readonly window: string;
  /** A window is read that long after its end: by then its labels should be in. */
  readonly settle: string;
  /** Share of the window's predictions that must have a label. */
  readonly coverage: number;
  readonly persistence: number;
  /** Below that many predictions a window says nothing. */
  readonly minRows: number;
}

export interface EdgeCasesConfig {
  /** Requests of that long are looked at. */
  readonly window: string;
  /** From this share of less strange training rows on, a request as a whole is an edge case. */
  readonly limit: number;
}

export interface FairnessConfig {
  /** Columns whose groups are compared; a list is an intersection. */
  readonly attributes: readonly (string | readonly string[])[];
  /** Figures by name, as in @twinloop/stats. */
  readonly metrics: readonly string[];
  /** Answers of labels from that long are compared. */
  readonly window: string;
  /** The probability from which an answer counts as positive. */
  readonly threshold: number;
  /** Smaller groups are shown, but not compared. */
  readonly minGroup: number;
}

export interface StreamsConfig {
  readonly watched: boolean;
  /** Rows are read that often; the order of the rows of one stretch does not count. */
  readonly every: string;
  /** Predictions between two false warnings of the inputs, at least. */
  readonly averageRunLength: number;
  /** Whether a warning raises an alarm. */
  readonly alarms: boolean;
}

export interface MonitorsConfig {
  /** How often windows are read. */
  readonly every: string;
  readonly drift: DriftConfig;
  readonly quality: QualityConfig;
  readonly calibration: CalibrationConfig;
  readonly labels: LabelsConfig;
  readonly edgeCases: EdgeCasesConfig;
  readonly fairness: FairnessConfig;
  readonly streams: StreamsConfig;
}
