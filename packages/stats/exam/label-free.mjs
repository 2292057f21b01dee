/** §10: performance estimated without labels, as NannyML answers. */
export const labelFree = {};
