import { TwinloopError } from '@twinloop/kernel';

export function requestError(reason: string, field?: string): TwinloopError {
  return new TwinloopError('invalid_request', {
    values: { reason },
    ...(field === undefined ? {} : { field }),
  });
}

export function typeError(input: string, actual: string, expected: string): TwinloopError {
  return new TwinloopError('input_type', { field: input, values: { input, actual, expected } });
}

export function shapeError(input: string, actual: string, expected: string): TwinloopError {
  return new TwinloopError('input_shape', { field: input, values: { input, actual, expected } });
}

export function valueError(input: string, actual: string, expected: string): TwinloopError {
  return new TwinloopError('input_value', { field: input, values: { input, actual, expected } });
}
