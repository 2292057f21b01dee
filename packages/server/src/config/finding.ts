/** Something wrong with a project file, and where. */
export interface ProjectFinding {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly hint?: string;
}
