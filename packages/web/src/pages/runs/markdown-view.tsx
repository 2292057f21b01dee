import { useMemo } from 'react';
import { Inlines } from '../../parts/inlines.js';
import { type Block, parseMarkdown } from './markdown.js';
import { Wide } from '../../parts/layout/wide.js';

/** A card, rendered. Its headings stand one level below the page's own. */
export function Markdown({ text }: { text: string }) {
  const { metadata, blocks } = useMemo(() => parseMarkdown(text), [text]);
  return (
    <div className="prose">
      {blocks.map((block, i) => (
        <BlockView key={i} block={block} />
      ))}
      {metadata !== '' && (
        <details className="mt-4">
          <summary className="w-fit text-soft">Metadata</summary>
          <pre className="scroll-x mt-1" tabIndex={0} aria-label="Metadata of the card">
            {metadata}
          </pre>
        </details>
      )}
    </div>
  );
}

function BlockView({ block }: { block: Block }) {
  switch (block.kind) {
    case 'heading': {
      const Heading = block.level === 1 ? 'h3' : 'h4';
      return (
        <Heading className={block.level === 1 ? 'mb-2 text-base font-semibold' : 'mt-4 mb-1 font-semibold'}>
          <Inlines parts={block.text} />
        </Heading>
      );
    }
    case 'paragraph':
      return (
        <p>
          <Inlines parts={block.text} />
        </p>
      );
    case 'list': {
      const List = block.ordered ? 'ol' : 'ul';
      return (
        <List>
          {block.items.map((item, i) => (
            <li key={i}>
              <Inlines parts={item} />
            </li>
          ))}
        </List>
      );
    }
    case 'code':
      return (
        <pre className="scroll-x bg-raised p-3" tabIndex={0} aria-label="Code">
          {block.text}
        </pre>
      );
    case 'table':
      return (
        <Wide label="Table" className="my-2 w-fit max-w-full">
          <table className="table w-auto">
            <thead>
              <tr>
                {block.head.map((cell, i) => (
                  <th key={i} className={block.right[i] === true ? 'num' : ''}>
                    <Inlines parts={cell} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row, r) => (
                <tr key={r}>
                  {row.map((cell, i) => (
                    <td key={i} className={block.right[i] === true ? 'num' : ''}>
                      <Inlines parts={cell} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      );
  }
}
