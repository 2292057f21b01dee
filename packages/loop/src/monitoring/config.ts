export interface DriftConfig {
  readonly window: string;
  /** Batch false-alarm rate over all features (Benjamini–Hochberg). */
  readonly alpha: number;
  /** Effect (Kolmogorov–Smirnov distance, total variation) below which a shift does not matter. */
  readonly tolerance: number;
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

export interface MonitorsConfig {
  /** How often windows are read. */
  readonly every: string;
  readonly drift: DriftConfig;
  readonly quality: QualityConfig;
  readonly calibration: CalibrationConfig;
  readonly labels: LabelsConfig;
}
