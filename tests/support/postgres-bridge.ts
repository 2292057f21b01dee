import { createServer, type AddressInfo, type Socket } from 'node:net';
import { PGlite } from '@electric-sql/pglite';

export interface PostgresBridge {
  readonly port: number;
  readonly database: PGlite;
  close(): Promise<void>;
}

const SSL_REQUEST = 80877103;
const STARTUP = 196608;

/** Answers of the server to a client that logs in: accepted, with the parameters that drivers look at. */
function welcome(): Buffer {
  const message = (type: string, body: Buffer): Buffer => {
    const head = Buffer.alloc(5);
    head.write(type, 0, 'latin1');
    head.writeInt32BE(body.length + 4, 1);
    return Buffer.concat([head, body]);
  };
  const parameter = (name: string, value: string): Buffer => message('S', Buffer.from(`${name}\0${value}\0`));
  return Buffer.concat([
    message('R', Buffer.alloc(4)),
    parameter('server_version', '17.0'),
    parameter('client_encoding', 'UTF8'),
    parameter('DateStyle', 'ISO, MDY'),
    parameter('standard_conforming_strings', 'on'),
    message('Z', Buffer.from('I')),
  ]);
}

/** Whole messages at the head of `bytes`, and what is left. */
function split(bytes: Buffer): { messages: Buffer[]; rest: Buffer } {
  const messages: Buffer[] = [];
  let at = 0;
  while (bytes.length - at >= 5) {
    const end = at + 1 + bytes.readInt32BE(at + 1);
    if (end > bytes.length) break;
    messages.push(bytes.subarray(at, end));
    at = end;
  }
  return { messages, rest: bytes.subarray(at) };
}

/** A Postgres on a port of this machine: the real engine in WebAssembly behind a few lines of its wire protocol. */
export async function postgresBridge(): Promise<PostgresBridge> {
  const database = await PGlite.create();
  const sockets = new Set<Socket>();
  let work: Promise<unknown> = Promise.resolve();
  let closing = false;
  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      // There is one session for all connections: what a client left open ends with its connection.
      if (closing) return;
      work = work.then(() => database.exec('rollback')).catch(() => undefined);
    });
    socket.on('error', () => undefined);
    let greeted = false;
    let rest: Buffer = Buffer.alloc(0);
    socket.on('data', chunk => {
      rest = Buffer.concat([rest, chunk]);
      while (!greeted && rest.length >= 8) {
        const length = rest.readInt32BE(0);
        if (rest.length < length) return;
        const code = rest.readInt32BE(4);
        rest = rest.subarray(length);
        if (code === SSL_REQUEST) socket.write('N');
        else if (code === STARTUP) {
          greeted = true;
          socket.write(welcome());
        }
      }
      const whole = split(rest);
      rest = Buffer.from(whole.rest);
      for (const message of whole.messages) {
        // X: the client says goodbye.
        if (message[0] === 0x58) return void work.then(() => socket.end());
        const copy = new Uint8Array(message);
        work = work
          .then(() => database.execProtocolRaw(copy))
          .then(answer => socket.write(answer))
          .catch((error: unknown) => socket.destroy(error as Error));
      }
    });
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    database,
    close: async () => {
      closing = true;
      await work;
      for (const socket of sockets) socket.destroy();
      // The engine holds no handle and no file; what it has in memory goes with the process.
      await new Promise<void>(done => server.close(() => done()));
    },
  };
}
