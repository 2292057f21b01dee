import type { Inline } from '../format/inline.js';

export function Inlines({ parts }: { parts: readonly Inline[] }) {
  return parts.map((part, i) => {
    if (part.kind === 'code') return <code key={i}>{part.text}</code>;
    if (part.kind === 'strong') return <strong key={i}>{part.text}</strong>;
    return part.text;
  });
}
