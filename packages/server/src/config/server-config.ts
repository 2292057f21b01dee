import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseDocument } from 'yaml';
import { TwinloopError, type JsonSchema } from '@twinloop/kernel';

/** server.yaml: what belongs to the machine, not to a project. */
export interface ServerConfig {
  readonly host: string;
  readonly port: number;
  /** Names beside the loopback ones that a Host header may carry. */
  readonly hosts: readonly string[];
  /** Where people reach the pages; the server's own address when absent. */
  readonly publicUrl?: string;
  /** Inside addresses that the guarded fetcher may reach. */
  readonly fetch: {
    readonly allow: readonly string[];
    readonly maxBytes: number;
    readonly timeoutMs: number;
  };
  /** `group`: a power cut takes at most the last group commit; `sync`: every answer waits for the disk. */
  readonly durability: 'group' | 'sync';
  /** Worker threads that train. */
  readonly trainers: number;
  /** Largest request body in bytes. */
  readonly bodyLimit: number;
  /** Largest file of a draft in bytes; it is streamed to disk. */
  readonly uploadLimit: number;
}

export const serverSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'server.yaml',
  type: 'object',
  additionalProperties: false,
  properties: {
    host: {
      type: 'string',
      default: '127.0.0.1',
      description: 'Address to listen on; anything but loopback needs a key.',
    },
    port: {
      type: 'integer',
      minimum: 0,
      maximum: 65535,
      default: 4600,
      description: 'Port to listen on; 0 takes any free one.',
    },
    hosts: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Names beside the loopback ones that a Host header may carry.',
    },
    publicUrl: {
      type: 'string',
      pattern: '^https?://[^\\s]+$',
      description: 'Where people reach the pages, for links in notifications; by default its own address.',
    },
    fetch: {
      type: 'object',
      description: 'Limits of the guarded fetcher, through which every outgoing request goes.',
      additionalProperties: false,
      default: {},
      properties: {
        allow: {
          type: 'array',
          items: { type: 'string' },
          default: [],
          description: 'Inside addresses or CIDR blocks that may be fetched.',
        },
        maxBytes: {
          type: 'integer',
          minimum: 1,
          default: 2147483648,
          description: 'Largest body of one fetch, in bytes.',
        },
        timeoutMs: {
          type: 'integer',
          minimum: 1,
          default: 60000,
          description: 'Longest time of one fetch, in milliseconds.',
        },
      },
    },
    durability: {
      enum: ['group', 'sync'],
      default: 'group',
      description:
        'When a prediction counts as logged. `group`: written to the system, on disk with the next group commit, which a power cut may take; `sync`: on disk.',
    },
    trainers: {
      type: 'integer',
      minimum: 1,
      maximum: 64,
      default: 1,
      description: 'Worker threads that train.',
    },
    bodyLimit: {
      type: 'integer',
      minimum: 1024,
      default: 16777216,
      description: 'Largest request body, in bytes.',
    },
    uploadLimit: {
      type: 'integer',
      minimum: 1024,
      default: 4294967296,
      description: 'Largest file that a new project may be made of, in bytes; it is streamed to disk.',
    },
  },
};

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TwinloopError('file_unreadable', { values: { file, reason }, cause: error });
  }
}

/** Reads server.yaml; without a file everything has its default. @throws project_invalid · file_unreadable */
export async function loadServerConfig(file: string | undefined): Promise<ServerConfig> {
  let value: unknown = {};
  if (file !== undefined) {
    const document = parseDocument(await textOf(file));
    if (document.errors.length > 0) {
      throw new TwinloopError('project_invalid', {
        values: { file, count: document.errors.length },
        details: document.errors.map(error => ({ message: error.message })),
      });
    }
    value = document.toJS() ?? {};
  }
  const validate = new Ajv2020({ useDefaults: true, allErrors: true, strict: false }).compile(serverSchema);
  if (!validate(value)) {
    const details = (validate.errors ?? []).map(error => ({
      message: `${error.instancePath} ${error.message ?? ''}`.trim(),
      field: error.instancePath,
    }));
    throw new TwinloopError('project_invalid', {
      values: { file: file ?? 'server.yaml', count: details.length },
      details,
    });
  }
  return value as ServerConfig;
}
