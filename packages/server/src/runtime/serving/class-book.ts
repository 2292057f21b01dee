import { TwinloopError, type Json, type MetadataStore, type ProjectId } from '@twinloop/kernel';

const CURSOR = 'classes';
/** A misspelt class is a class of its own: that many and something is wrong with the labels. */
export const MOST_CLASSES = 1000;
const LONGEST_NAME = 300;

/**
 * The classes of a project by number. A class keeps its number for ever, whatever order a model has its classes in, so
 * that outcomes and probabilities of different models can be laid side by side. New ones (a new team, a split one) go to
 * the end.
 */
export class ClassBook {
  readonly #project: ProjectId;
  readonly #cursors: MetadataStore['cursors'];
  readonly #names: string[];
  readonly #index: Map<string, number>;
  #written: Promise<void> = Promise.resolve();
  /** So many names have been handed to the store; after a failed write some are due again. */
  #handed: number;

  private constructor(project: ProjectId, cursors: MetadataStore['cursors'], names: readonly string[]) {
    this.#project = project;
    this.#cursors = cursors;
    this.#names = [...names];
    this.#handed = names.length;
    this.#index = new Map(names.map((name, i) => [name, i]));
  }

  static async open(project: ProjectId, cursors: MetadataStore['cursors']): Promise<ClassBook> {
    const known = (await cursors.get(project, CURSOR)) as readonly string[] | undefined;
    return new ClassBook(project, cursors, known ?? []);
  }

  /** In order of their numbers. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** -1 for a class that is not in the book. */
  numberOf(name: string): number {
    return this.#index.get(name) ?? -1;
  }

  /** The number of a class; a new one is entered. Not to be kept anywhere before {@link stored}. @throws outcome_invalid */
  enter(name: string): number {
    const known = this.#index.get(name);
    if (known !== undefined) return known;
    this.#check(name);
    const number = this.#names.push(name) - 1;
    this.#index.set(name, number);
    return number;
  }

  /** Enters all, and waits until they are stored. @throws outcome_invalid */
  async add(names: readonly string[]): Promise<void> {
    for (const name of names) this.enter(name);
    await this.stored();
  }

  /** Resolves when the store has every class that was entered: no number is used that a crash could forget. */
  async stored(): Promise<void> {
    if (this.#handed < this.#names.length) {
      const all: Json = [...this.#names];
      this.#handed = all.length;
      const write = (): Promise<void> => this.#cursors.put(this.#project, CURSOR, all);
      this.#written = this.#written.then(write, write);
    }
    try {
      await this.#written;
    } catch (error) {
      this.#handed = 0;
      throw error;
    }
  }

  #check(name: string): void {
    let reason: string | undefined;
    if (name.trim() === '') reason = 'a class needs a name';
    else if (name.length > LONGEST_NAME) reason = `a class name has ${LONGEST_NAME} characters at most`;
    else if (this.#names.length >= MOST_CLASSES)
      reason = `"${name}" would be class ${MOST_CLASSES + 1}; ${MOST_CLASSES} are kept`;
    if (reason !== undefined)
      throw new TwinloopError('outcome_invalid', { field: 'value', values: { reason } });
  }
}
