export type Inline = { readonly kind: 'text' | 'code' | 'strong'; readonly text: string };

/** Code spans and bold in a line of text; everything else stays text. */
export function inlines(text: string): readonly Inline[] {
  return text
    .split(/(`[^`]+`|\*\*[^*]+\*\*)/)
    .filter(part => part !== '')
    .map(part => {
      if (part.length > 2 && part.startsWith('`') && part.endsWith('`'))
        return { kind: 'code', text: part.slice(1, -1) };
      if (part.length > 4 && part.startsWith('**') && part.endsWith('**'))
        return { kind: 'strong', text: part.slice(2, -2) };
      return { kind: 'text', text: part };
    });
}
