import { upperGamma } from './gamma.js';
import { normalSf } from './normal.js';

/**
 * P(Z ≥ z) of a standardised variable with the given skewness: the Pearson type III (shifted gamma) tail when it leans
 * towards z, else the normal tail; never below the latter for z ≥ 0.
 */
export function skewedSf(z: number, skewness: number): number {
  const normal = normalSf(z);
  if (!(skewness > 1e-3) || z < 0) return normal;
  const shape = 4 / (skewness * skewness);
  return Math.max(normal, upperGamma(shape, shape + z * Math.sqrt(shape)));
}
