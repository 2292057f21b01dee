export { type Comparison, compareLosses } from './compare-losses.js';
export type { EndpointConfig, RolloutConfig, VariantConfig } from './config.js';
export { promoteByOperator, rejectByOperator } from './decide-by-operator.js';
export { observeRollout } from './observe-rollout.js';
export { type RoutingSnapshot, route, routingSnapshot } from './route.js';
export { endpointSection } from './section.js';
export { startRollout } from './start-rollout.js';
export { type DeliveryState, emptyDelivery, endpointState, foldDelivery } from './state.js';
