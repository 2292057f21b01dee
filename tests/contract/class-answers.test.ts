import { memoryPredictionLog, openPredictionLog } from '@twinloop/storage';
import { classAnswersContract } from './class-answers-contract.js';
import { freshDirectory } from './workspace.js';

classAnswersContract('memory', async () => memoryPredictionLog());
classAnswersContract('embedded', () => openPredictionLog({ directory: freshDirectory() }));
