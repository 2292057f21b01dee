import type { DriftMatrixView } from '@twinloop/client';

export interface DriftService {
  /** Subjects × windows, also those that did not drift. @throws not_found · endpoint_not_ready */
  matrix(endpoint: string): Promise<DriftMatrixView>;
}
