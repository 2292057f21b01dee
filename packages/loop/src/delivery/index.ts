export { compareLosses } from './compare-losses.js';
export type { EndpointConfig, RolloutConfig, VariantConfig } from './config.js';
export { promoteByOperator, rejectByOperator } from './decide-by-operator.js';
export { foldDelivery } from './fold-delivery.js';
export { lossOf } from './losses.js';
export { observeRollout } from './observe-rollout.js';
export type { ArmCoverage, ArmService, RolloutReading, WatchReading } from './reading.js';
export { rollbackByOperator, rollsBackTo } from './rollback-by-operator.js';
export { type Route, type RoutingSnapshot, route, routingSnapshot } from './route.js';
export { endpointSection } from './section.js';
export { startRollout } from './start-rollout.js';
export {
  answering,
  type DeliveryState,
  emptyDelivery,
  type EndpointState,
  endpointState,
  nextVersion,
  type OpenRollout,
  type PromotionWatch,
} from './state.js';
export { feed, PromotionMonitor, watchPromotion } from './watch/promotion-monitor.js';
