import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { TwinloopError } from '@twinloop/kernel';
import { EXIT, ExitStatus } from '../exit.js';
import { RESTARTED, SUPERVISED_URL, type FromServer, type ToServer } from './messages.js';
import { WatchClient } from './watch-client.js';

const HOST = '127.0.0.1';
/** A server that lives that long was well: what kills it later is counted anew. */
const WELL_MS = 10_000;
const MOST_QUICK_DEATHS = 5;
const FIRST_PAUSE_MS = 100;

export interface SupervisorOptions {
  readonly data: string;
  readonly port: number;
  readonly log: (line: string) => void;
}

/**
 * Runs the server as a process of its own and starts it again when it dies. It accepts the connections itself and hands
 * them on as they are, so that one that comes while no server is there waits instead of being refused; a request that
 * a dying server had begun to answer is lost with it.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #door: Server;
  /** Connections that no server has taken: they wait for the next one. */
  readonly #waiting: Socket[] = [];
  /** Connections on their way to the server, by number. */
  readonly #handed = new Map<number, Socket>();
  #connections = 0;
  #url = '';
  #child: ChildProcess | undefined;
  #ready = false;
  #stopping = false;
  #quickDeaths = 0;
  #startedAt = 0;
  #diedAt: number | undefined;
  #watch: WatchClient | undefined;
  #pause: NodeJS.Timeout | undefined;
  #tellReady: () => void = () => undefined;
  #tellEnded: (code: number) => void = () => undefined;
  /** The exit code, when the server was asked to stop or could not be kept alive. */
  readonly ended: Promise<number>;

  private constructor(options: SupervisorOptions) {
    this.#options = options;
    this.ended = new Promise(resolve => (this.#tellEnded = resolve));
    // Nothing is read here: the first byte belongs to the server.
    this.#door = createServer({ pauseOnConnect: true, allowHalfOpen: true }, socket => this.#hand(socket));
  }

  /** Resolves when the server is ready. @throws port_in_use · ExitStatus with the server's code when it ended before */
  static async start(options: SupervisorOptions): Promise<Supervisor> {
    const supervisor = new Supervisor(options);
    await supervisor.#listen();
    const ready = new Promise<void>(resolve => (supervisor.#tellReady = resolve));
    supervisor.#spawn(false);
    const code = await Promise.race([ready, supervisor.ended]);
    // What was wrong stands on stderr already.
    if (typeof code === 'number') throw new ExitStatus(code === 0 ? EXIT.failure : code);
    return supervisor;
  }

  get url(): string {
    return this.#url;
  }

  /** Asks the server to drain and end; a second time: at once. */
  stop(signal: NodeJS.Signals): void {
    const again = this.#stopping;
    this.#stopping = true;
    clearTimeout(this.#pause);
    if (this.#child === undefined) this.#end(0);
    else this.#child.kill(again ? 'SIGKILL' : signal);
  }

  #listen(): Promise<void> {
    const { port } = this.#options;
    return new Promise((resolve, reject) => {
      this.#door.once('error', (error: NodeJS.ErrnoException) => {
        reject(
          error.code === 'EADDRINUSE'
            ? new TwinloopError('port_in_use', { values: { port }, cause: error })
            : error,
        );
      });
      this.#door.listen(port, HOST, () => {
        this.#url = `http://${HOST}:${(this.#door.address() as AddressInfo).port}`;
        resolve();
      });
    });
  }

  #spawn(restarted: boolean): void {
    const main = fileURLToPath(new URL('../main.js', import.meta.url));
    const child = spawn(process.execPath, [main, '--data', this.#options.data, 'serve', '--port', '0'], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, [SUPERVISED_URL]: this.#url, ...(restarted ? { [RESTARTED]: '1' } : {}) },
      // Ctrl-C in a terminal reaches this process alone, which passes it on once.
      detached: true,
    });
    this.#child = child;
    this.#startedAt = performance.now();
    child.on('message', message => this.#heard(message as FromServer));
    child.on('exit', (code, signal) => this.#died(code, signal));
    // A channel that breaks belongs to a process that is ending: `exit` tells.
    child.on('error', error => this.#options.log(error.message));
  }

  #heard(message: FromServer): void {
    if (message.type === 'taken') {
      // The server has its own copy; closing this one says nothing to the client.
      this.#handed.get(message.connection)?.destroy();
      this.#handed.delete(message.connection);
      return;
    }
    if (message.type === 'dying') {
      this.#watch ??= new WatchClient(this.#url);
      this.#watch.start();
      return;
    }
    this.#ready = true;
    for (const socket of this.#waiting.splice(0)) this.#hand(socket);
    this.#tellReady();
    if (this.#diedAt !== undefined) void this.#tellGap(performance.now() - this.#diedAt);
  }

  async #tellGap(downMs: number): Promise<void> {
    const watch = this.#watch;
    this.#watch = undefined;
    this.#diedAt = undefined;
    await watch?.stop();
    const gap: ToServer = { type: 'gap', downMs, waited: watch?.waited ?? 0, failed: watch?.failed ?? 0 };
    if (this.#child?.connected === true) this.#child.send(gap);
  }

  #hand(socket: Socket): void {
    socket.on('error', () => undefined);
    const child = this.#child;
    if (!this.#ready || child?.connected !== true) {
      this.#waiting.push(socket);
      return;
    }
    const connection = ++this.#connections;
    this.#handed.set(connection, socket);
    // Kept until the server has it: if that dies first, the connection waits for the next one.
    child.send(
      { type: 'connection', connection } satisfies ToServer,
      socket,
      { keepOpen: true },
      () => undefined,
    );
  }

  #died(code: number | null, signal: NodeJS.Signals | null): void {
    this.#child = undefined;
    this.#ready = false;
    this.#waiting.push(...this.#handed.values());
    this.#handed.clear();
    if (this.#stopping) return this.#end(code ?? 0);
    const lived = performance.now() - this.#startedAt;
    this.#quickDeaths = lived < WELL_MS ? this.#quickDeaths + 1 : 0;
    const first = this.#diedAt === undefined && this.#watch === undefined;
    // A server that never was ready says on stderr what is wrong; trying again would say it again.
    if ((first && lived < WELL_MS && code !== null && code !== 0) || code === 0) return this.#end(code ?? 0);
    if (this.#quickDeaths > MOST_QUICK_DEATHS) {
      this.#options.log(`the server died ${this.#quickDeaths} times in a row; giving up`);
      return this.#end(code ?? EXIT.failure);
    }
    this.#options.log(`the server died (${signal ?? `exit ${code}`}); starting it again`);
    this.#diedAt ??= performance.now();
    this.#watch ??= new WatchClient(this.#url);
    this.#watch.away();
    const pause = this.#quickDeaths <= 1 ? 0 : FIRST_PAUSE_MS * 2 ** this.#quickDeaths;
    this.#pause = setTimeout(() => this.#spawn(true), pause);
  }

  #end(code: number): void {
    for (const socket of this.#waiting.splice(0)) socket.destroy();
    this.#door.close();
    void this.#watch?.stop();
    this.#tellEnded(code);
  }
}
