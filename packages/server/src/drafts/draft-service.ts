import type { Readable } from 'node:stream';
import type { DraftCheck, DraftChoices, DraftProject, DraftSource, DraftView } from '@twinloop/client';
import type { Principal, ProjectId } from '@twinloop/kernel';

/** What the door asks about data on its way to a project. A draft opens to any caller who may configure projects. */
export interface DraftService {
  /** Keeps a file as it arrives and profiles it. @throws payload_too_large · dataset_unreadable · dataset_empty */
  upload(name: string, body: Readable): Promise<DraftView>;
  /** Copies a file of this machine, fetches a URL, or runs a query. @throws file_unreadable · fetch_refused · query_failed */
  create(source: DraftSource): Promise<DraftView>;
  /** @throws not_found */
  get(draft: string): Promise<DraftView>;
  remove(draft: string): Promise<void>;
  /** What the choices make; writes nothing. @throws not_found · draft_invalid */
  check(draft: string, choices: DraftChoices): Promise<DraftCheck>;
  /** Writes the project's directory, applies it and starts its first run. @throws draft_invalid · project_exists */
  createProject(
    draft: string,
    choices: DraftChoices & { readonly project: ProjectId },
    principal: Principal,
  ): Promise<DraftProject>;
}
