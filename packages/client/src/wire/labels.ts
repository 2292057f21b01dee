/** Wire types of label coverage: `GET /endpoints/:endpoint/labels`. */

/** `complete`: every case gets a label in the end; `selective`: only cases that were acted on; `never`: none is expected. */
export type LabelAvailability = 'complete' | 'selective' | 'never';

export interface LabelCoverage {
  readonly predictions: number;
  /** Those old enough that their label should be in. */
  readonly due: number;
  /** Labelled ones among those that are due. */
  readonly labelled: number;
}
export interface LabelsView {
  readonly endpoint: string;
  readonly declared: LabelAvailability;
  /** After that long a label should be in, in milliseconds. */
  readonly settleMs: number;
  /** By the variant that answered live. */
  readonly byVariant: readonly (LabelCoverage & { readonly variant: string; readonly model: string })[];
  /** Oldest first; one entry a day. */
  readonly overTime: readonly (LabelCoverage & { readonly from: number; readonly until: number })[];
  /** Outcomes that name no known prediction. */
  readonly unknown: number;
  /** Predictions whose label was corrected later. */
  readonly corrected: number;
}
