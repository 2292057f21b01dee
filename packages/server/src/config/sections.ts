import type { JsonSchema, Section } from '@twinloop/kernel';
import { trainSection } from '@twinloop/loop/building';
import { batchSection, datasetsSection, expectationsSection, featuresSection } from '@twinloop/loop/data';
import { endpointSection } from '@twinloop/loop/delivery';
import { notifySection } from '@twinloop/loop/governance';
import { policySection } from '@twinloop/loop/learning';
import { monitorsSection } from '@twinloop/loop/monitoring';
import { gatesSection } from '@twinloop/loop/testing';

/** The sections of twinloop.yaml, each registered by the room that owns it, in the order in which a file reads best. */
export const SECTIONS: readonly Section<unknown>[] = [
  datasetsSection,
  expectationsSection,
  featuresSection,
  trainSection,
  gatesSection,
  endpointSection,
  monitorsSection,
  policySection,
  notifySection,
  batchSection,
];

/** The published JSON Schema of twinloop.yaml (docs/reference/twinloop.schema.json), for editors and for the loader alike. */
export function projectSchema(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://twinloop.dev/schema/twinloop.schema.json',
    title: 'twinloop.yaml',
    description: 'One Twinloop project: data, features, training, gates, endpoint, monitors, policy.',
    type: 'object',
    additionalProperties: false,
    required: ['project', ...SECTIONS.filter(section => section.required).map(section => section.name)],
    properties: {
      project: {
        type: 'string',
        pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
        description: 'The name of the project, as it stands in URLs.',
      },
      timezone: {
        type: 'string',
        default: 'UTC',
        description: 'IANA time zone of times without one, of schedules and of local days.',
        examples: ['Europe/Zurich'],
      },
      demo: {
        type: 'boolean',
        description:
          'Marks a demo: it may be broken on purpose (`twinloop chaos`, "Break it" on the page). Never set it where answers matter.',
      },
      ...Object.fromEntries(SECTIONS.map(section => [section.name, section.schema])),
    },
  };
}
