/** Ends the process at once, or says why nobody would start it again. */
export type Killer =
  | { readonly unavailable: string }
  | {
      readonly unavailable: null;
      readonly pid: number;
      /** Who started this process watched the last one end, and will tell what it saw. */
      readonly watched: boolean;
      /** kill -9, as soon as the answer that is being written has left. */
      kill(): void;
    };
