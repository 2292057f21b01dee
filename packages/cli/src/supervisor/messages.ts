/** What a supervised server and its supervisor tell each other over the process's own channel. */

/** Given to the server's process: the address that clients know. */
export const SUPERVISED_URL = 'TWINLOOP_SUPERVISED_URL';
/** Given to the server's process when it takes the place of one that died. */
export const RESTARTED = 'TWINLOOP_RESTARTED';

export type FromServer =
  | { readonly type: 'ready' }
  /** A connection has arrived and is served. */
  | { readonly type: 'taken'; readonly connection: number }
  /** It will end in a moment, on purpose. */
  | { readonly type: 'dying' };

export type ToServer =
  /** With a connection that the supervisor accepted. */
  | { readonly type: 'connection'; readonly connection: number }
  /** What was seen of the absence that it ended. */
  | { readonly type: 'gap'; readonly downMs: number; readonly waited: number; readonly failed: number };
