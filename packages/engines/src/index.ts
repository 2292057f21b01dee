export { trainModel, type TrainedModel, type TrainModelJob } from './trainers/train-model.js';
export { parseParameters, type BuiltinParameters } from './trainers/parameters.js';
export { type CommandJob, runCommand } from './commands/run-command.js';
export { type JUnitSummary, readJUnit } from './commands/junit.js';
export { openNotifier } from './notify/open-notifier.js';
export {
  DEFAULT_FETCH_POLICY,
  type Fetched,
  type FetchPolicy,
  guardedAddress,
  guardedFetch,
} from './fetch/guarded-fetch.js';
export { commandTrainer, type CommandTrainerOptions } from './commands/command-trainer.js';
export { runTrainingJob } from './trainers/run-job.js';
export { workerTrainer, type WorkerTrainerOptions } from './trainers/worker-trainer.js';
export { workerUrl } from './trainers/worker-url.js';
export { onnxVariant, type OnnxVariantOptions } from './onnx/onnx-variant.js';
export { openOnnxSession, type OnnxSession, type TensorData, type TensorInfo } from './onnx/session.js';
