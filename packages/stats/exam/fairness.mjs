/** §6: fairness, as Fairlearn and AIF360 answer. */
export const fairness = {};
