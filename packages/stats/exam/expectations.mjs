/** §7: data expectations, as Great Expectations answers them. */
export const expectations = {};
