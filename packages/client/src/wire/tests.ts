/** Wire types of model tests: gates and prediction tests asked again. */
import type { Verdict, VerdictStatus } from '@twinloop/kernel';

/** `POST /models/:model/test`; all is optional. */
export interface TestInput {
  /** The text of a prediction-test file: its tests alone are asked, and no gate. */
  readonly tests?: string;
  /** The file's name, for reports. */
  readonly file?: string;
}

export interface TestReportView {
  readonly model: string;
  /** The run that made it: its held-out rows are asked about. */
  readonly run: string;
  /** `fail` when any gate fails; `inconclusive` is no pass. */
  readonly status: VerdictStatus;
  readonly verdicts: readonly Verdict[];
  /** The same as JUnit XML and as SARIF 2.1.0. */
  readonly junit: string;
  readonly sarif: string;
}
