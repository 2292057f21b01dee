// Requests as a client of the Open Inference Protocol would send them.
const NOT_INPUTS = new Set(['id', 'scheduled', 'late', 'landed']);

export const inputNames = table =>
  table.columns.map(({ name }) => name).filter(name => !NOT_INPUTS.has(name));

export function inferBody(row, names, id) {
  const inputs = names.map(name => ({
    name,
    shape: [1],
    datatype: typeof row[name] === 'string' ? 'BYTES' : 'FP64',
    data: [row[name]],
  }));
  return JSON.stringify({ ...(id === undefined ? {} : { id }), inputs });
}
