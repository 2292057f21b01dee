export {
  type AcceptedVersion,
  acceptVersion,
  type AcceptPorts,
  type AcceptRequest,
} from './accept-version.js';
export { type BatchConfig, batchSection } from './batch-section.js';
export { checkExpectations, type ExpectationPorts, findingsOf } from './check-expectations.js';
export type {
  DatasetConfig,
  DatasetsConfig,
  ExpectationsConfig,
  LabelAvailability,
  LabelRepeats,
} from './config.js';
export { checkDraft, type CheckedDraft } from './draft/check-draft.js';
export { type DraftProfile, profileDraft } from './draft/profile-draft.js';
export { encodeLabel } from './encode-label.js';
export {
  featuresSection,
  type WrittenAggregate,
  type WrittenAvailability,
  type WrittenFeatures,
  type WrittenJoin,
} from './features-section.js';
export { type DatasetProfile, profileOf, profileTable } from './profile/profile.js';
export {
  mergeable,
  mergeProfiles,
  type ProfileSketch,
  profileSketchFromJson,
  type ProfileSketchJson,
  profileSketchToJson,
  sketchTable,
} from './profile/profile-sketch.js';
export { compareSchemas, schemaOf } from './schema.js';
export { ruleProblem } from './rules/check-rule.js';
export { expectationsSection } from './rules/expectations-section.js';
export { datasetsSection } from './section.js';
export { APART_REASONS, APART_ROW, quarantineOf } from './quarantine.js';
export { checksOf, type RuleCheck, ruleWords } from './rules/rule-check.js';
export { suggestionsYaml, suggestRules } from './rules/suggest-rules.js';
