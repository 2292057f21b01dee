/** §11: stream detectors with river's defaults. */
export const streams = {};
