import { memoryPredictionLog, openPredictionLog } from '@twinloop/storage';
import { predictionLogContract } from './prediction-log-contract.js';
import { freshDirectory } from './workspace.js';

predictionLogContract('memory', async () => memoryPredictionLog());
predictionLogContract('embedded', () => openPredictionLog({ directory: freshDirectory() }));
predictionLogContract('embedded, waiting for the disk', () =>
  openPredictionLog({ directory: freshDirectory(), durability: 'sync' }),
);
