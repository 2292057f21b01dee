declare const brand: unique symbol;

/** A nominal type: a `Brand<string, 'ModelId'>` is a string that only a constructor of model ids may make. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
