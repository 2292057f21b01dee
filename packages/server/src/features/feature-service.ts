import type { FeatureRowsReceipt, FeaturesView, FeatureValuesView } from '@twinloop/client';
import type { Principal } from '@twinloop/kernel';
import type { LookupFigures } from '@twinloop/model';
import type { RowBody } from '../ingest/ingest.js';

/** What is looked up at the moment of a prediction, as the door asks for it. */
export interface FeaturesService {
  view(): Promise<FeaturesView>;
  /** @throws invalid_request for a column that is no key */
  values(entity: Readonly<Record<string, string>>): Promise<FeatureValuesView>;
  /** Rows of a joined source, as they come; durable when it resolves. @throws not_found · rows_refused */
  push(dataset: string, body: RowBody, principal: Principal): Promise<FeatureRowsReceipt>;
  figures(): readonly LookupFigures[];
}
