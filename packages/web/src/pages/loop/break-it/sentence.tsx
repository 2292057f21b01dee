import { inlines } from '../../../format/inline.js';
import { Inlines } from '../../../parts/inlines.js';

/** The server's words, with names of columns set as code. */
export function Sentence({ text }: { text: string }) {
  return <Inlines parts={inlines(text)} />;
}
