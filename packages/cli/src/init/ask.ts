import { createInterface } from 'node:readline/promises';

/** A person at a terminal; scripts have none. */
export interface Person {
  /** The answer, or `offered` when Enter alone was pressed. Asks again until there is one. */
  ask(question: string, offered?: string): Promise<string>;
  confirm(question: string): Promise<boolean>;
  say(line: string): void;
  close(): void;
}

export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/** Questions go to standard error, so that what the command prints stays clean. */
export function personAt({ input, output }: Terminal): Person {
  const lines = createInterface({ input, output });
  const ask = async (question: string, offered?: string): Promise<string> => {
    for (;;) {
      const answer = (
        await lines.question(`${question}${offered === undefined ? '' : ` [${offered}]`}: `)
      ).trim();
      if (answer !== '') return answer;
      if (offered !== undefined) return offered;
    }
  };
  return {
    ask,
    confirm: async question => /^(y|yes|)$/i.test((await lines.question(`${question} [Y/n]: `)).trim()),
    say: line => {
      output.write(`${line}\n`);
    },
    close: () => lines.close(),
  };
}
