export {
  exposition,
  type HistogramSample,
  type MetricFamily,
  type MetricSample,
  PROMETHEUS_CONTENT_TYPE,
} from './exposition.js';
