import type { Page } from 'playwright-core';

export interface Visit {
  readonly page: Page;
  /** What the browser's console complained of. */
  readonly complaints: readonly string[];
  leave(): Promise<void>;
}
export interface Browser {
  visit(url: string): Promise<Visit>;
  close(): Promise<void>;
}
export interface Flipped {
  /** From the press to the sentence. */
  readonly seconds: number;
  readonly sentence: string;
  /** Failed requests of the client, as the page says. */
  readonly failed: number;
  /** Sequence number of the decision that caught it. */
  readonly decision: number | null;
}
export interface Brought {
  /** From the file to the answered prediction. */
  readonly seconds: number;
  readonly profiled: number;
  readonly served: number;
  readonly answer: string;
  /** The project file as the page showed it. */
  readonly yaml: string;
  /** Columns that were left out as suspects of leakage, as the page names them. */
  readonly leftOut: readonly string[];
  /** What stood in the zone's field before anybody chose: empty. */
  readonly preselected: string;
  /** The row of the chosen candidate. */
  readonly chosen: string;
  readonly project: string;
}

export function chromiumPath(): string | undefined;
export function openBrowser(executablePath: string): Promise<Browser>;
export function flipSensor(page: Page, options?: { readonly timeout?: number }): Promise<Flipped>;
export function bringFile(
  page: Page,
  input: {
    readonly file: string;
    readonly timezone: string;
    readonly project?: string;
    readonly timeout?: number;
  },
): Promise<Brought>;
