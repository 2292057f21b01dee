import { memoryBlobs, openBlobs, openDatasetQuery } from '@twinloop/storage';
import { datasetQueryContract } from './dataset-query-contract.js';
import { freshDirectory } from './workspace.js';

datasetQueryContract('DuckDB over files', async directory => {
  const blobs = await openBlobs(freshDirectory());
  return { blobs, query: await openDatasetQuery({ blobs, allowedDirectories: () => [directory] }) };
});
datasetQueryContract('DuckDB over blobs in memory', async directory => {
  const blobs = memoryBlobs();
  return { blobs, query: await openDatasetQuery({ blobs, allowedDirectories: [directory] }) };
});
