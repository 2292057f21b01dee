/** §7: data expectations, as Great Expectations answers them. */
export const expectations = {
  gx_expectation: (stats, { table, expectation, kwargs = {} }) => {
    const rows = Math.max(0, ...Object.values(table).map(values => values.length));
    const { column } = kwargs;
    if (expectation === 'ExpectColumnToExist') return { success: Object.hasOwn(table, column), result: {} };
    if (expectation === 'ExpectTableRowCountToBeBetween') return figure(stats, rows, kwargs);
    if (column !== undefined && !Object.hasOwn(table, column)) return { success: false, result: {} };
    const values = (table[column] ?? []).map(finite);
    const measured = FIGURES[expectation];
    if (measured !== undefined) {
      const observed = stats.columnFigure(values, measured);
      // Upstream counts nothing as 0 different values, and no share of them.
      return figure(stats, measured === 'unique-share' && Number.isNaN(observed) ? 0 : observed, kwargs);
    }
    if (expectation === 'ExpectColumnKLDivergenceToBeLessThan') {
      const { values: levels, weights } = kwargs.partition_object;
      const divergence = stats.partitionDivergence(values, levels, weights);
      const { threshold } = kwargs;
      return {
        success: threshold == null || divergence <= threshold,
        result: { observed_value: Number.isFinite(divergence) ? divergence : null },
      };
    }
    return rowWise(stats, values, rows, expectation, kwargs);
  },
};

const FIGURES = {
  ExpectColumnMeanToBeBetween: 'mean',
  ExpectColumnMedianToBeBetween: 'median',
  ExpectColumnStdevToBeBetween: 'stdev',
  ExpectColumnMinToBeBetween: 'min',
  ExpectColumnMaxToBeBetween: 'max',
  ExpectColumnSumToBeBetween: 'sum',
  ExpectColumnUniqueValueCountToBeBetween: 'distinct',
  ExpectColumnProportionOfUniqueValuesToBeBetween: 'unique-share',
};

/** Upstream lets infinities into open ranges. */
const finite = value =>
  value === Infinity ? Number.MAX_VALUE : value === -Infinity ? -Number.MAX_VALUE : value;

function boundsOf({ min_value: min, max_value: max, strict_min, strict_max }) {
  return {
    ...(min == null ? {} : { [strict_min ? 'above' : 'min']: min }),
    ...(max == null ? {} : { [strict_max ? 'below' : 'max']: max }),
  };
}

function figure(stats, observed, kwargs) {
  if (Number.isNaN(observed)) return { success: false, result: { observed_value: null } };
  return { success: stats.within(observed, boundsOf(kwargs)), result: { observed_value: observed } };
}

/** A Python pattern in JavaScript's words. */
const pattern = regex =>
  regex
    .replace(/^\(\?i\)(.*)$/s, '(?i:$1)')
    .replaceAll('(?P<', '(?<')
    .replaceAll('\\A', '^')
    .replaceAll('\\Z', '$(?![^])');

function rowTest(expectation, column, kwargs) {
  switch (expectation) {
    case 'ExpectColumnValuesToNotBeNull':
    case 'ExpectColumnValuesToBeNull':
      return { kind: 'present', column };
    case 'ExpectColumnValuesToBeBetween':
      return { kind: 'between', column, ...boundsOf(kwargs) };
    case 'ExpectColumnValuesToBeInSet':
    case 'ExpectColumnValuesToNotBeInSet':
      return { kind: 'among', column, values: kwargs.value_set };
    case 'ExpectColumnValuesToMatchRegex':
    case 'ExpectColumnValuesToNotMatchRegex':
      return { kind: 'matches', column, regex: pattern(kwargs.regex) };
    case 'ExpectColumnValueLengthsToBeBetween': {
      const { min, max, above, below } = boundsOf(kwargs);
      return { kind: 'length', column, min: min ?? (above ?? -1) + 1, max: max ?? (below ?? Infinity) - 1 };
    }
    case 'ExpectColumnValueLengthsToEqual':
      return { kind: 'length', column, min: kwargs.value, max: kwargs.value };
    case 'ExpectColumnValueZScoresToBeLessThan':
      return {
        kind: 'near-mean',
        column,
        z: kwargs.threshold,
        ...(kwargs.double_sided ? {} : { side: 'above' }),
      };
    case 'ExpectColumnValuesToBeUnique':
      return { kind: 'unique', columns: [column] };
    case 'ExpectColumnValuesToBeIncreasing':
    case 'ExpectColumnValuesToBeDecreasing':
      return {
        kind: 'ordered',
        column,
        direction: expectation.endsWith('Increasing') ? 'increasing' : 'decreasing',
        strictly: kwargs.strictly === true,
      };
    default:
      throw new Error(`unknown expectation: ${expectation}`);
  }
}

/** Expectations of what must not be. */
const OPPOSITE = /ToNotBeInSet|ToNotMatch|ToBeNull/;

function rowWise(stats, values, rows, expectation, kwargs) {
  const test = rowTest(expectation, 'x', kwargs);
  const table = { x: values };
  const { flags, missing } = stats.testRows(table, rows, test);
  if (test.kind === 'unique') {
    // Upstream marks every member of a set of equals: what repeats an earlier one, and what a later one repeats.
    const { flags: later } = stats.testRows({ x: [...values].reverse() }, rows, test);
    for (let row = 0; row < rows; row++) if (later[rows - 1 - row]) flags[row] = 1;
  }
  const nulls = test.kind === 'present';
  const present = nulls ? rows : rows - missing;
  const counted = flags.reduce((sum, flag) => sum + flag, 0);
  const unexpected = OPPOSITE.test(expectation) ? present - counted : counted;
  const percent = (part, whole) => (whole === 0 ? null : (100 * part) / whole);
  const success = stats.holdsMostly(present, unexpected, kwargs.mostly ?? 1);
  const result = {
    element_count: rows,
    unexpected_count: unexpected,
    unexpected_percent: percent(unexpected, present),
  };
  if (nulls) return { success, result };
  return {
    success,
    result: {
      ...result,
      missing_count: missing,
      missing_percent: percent(missing, rows),
      unexpected_percent_total: percent(unexpected, rows),
      unexpected_percent_nonmissing: percent(unexpected, present),
    },
  };
}
