// What looking up costs: one request, one event, and the rebuild of the state after a kill.
// `node bench/features.mjs` after `npm run build`; figures of `examples/flight-features` on its own data.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rowAt } from '@twinloop/kernel';
import { LookupEngine } from '@twinloop/model';
import { loadProject } from '../packages/server/dist/config/load-project.js';
import { readTable } from '../packages/server/dist/demo/read-table.js';

const example = join(dirname(fileURLToPath(import.meta.url)), '../examples/flight-features');
const { config } = loadProject(readFileSync(join(example, 'twinloop.yaml'), 'utf8'), example);
const read = async name => {
  const table = await readTable(join(example, config.datasets[name].source), config.timezone);
  return Array.from({ length: table.rows }, (_, i) => rowAt(table, i));
};
const flights = await read('flights');
const weather = await read('weather');
const { inputs } = config.lookups;
const unknown = flights.map(row => ({ ...row, late: null, landed: null }));
const shape = Object.fromEntries(
  [...config.lookups.inputs, ...new LookupEngine(config.lookups).columns].map(name => [name, undefined]),
);
const asked = flights.map(row => Object.fromEntries(inputs.map(name => [name, row[name]])));

const cpu = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};
/** The flights in order of time with everything that becomes known meanwhile; CPU in µs. */
function pass(asks) {
  const engine = new LookupEngine(config.lookups);
  const began = cpu();
  for (const row of weather) engine.add('weather', row);
  for (let i = 0; i < flights.length; i++) {
    if (asks) {
      // As the server does it: the whole row, of one shape.
      const seen = { ...shape };
      for (const name in asked[i]) seen[name] = asked[i][name];
      engine.read(asked[i], flights[i].scheduled, seen);
    } else engine.advance(flights[i].scheduled);
    engine.add('flights', unknown[i]);
    engine.add('flights', flights[i]);
  }
  return cpu() - began;
}

const rounds = [];
for (let round = 0; round < 7; round++) {
  const events = pass(false);
  const both = pass(true);
  const began = cpu();
  const again = new LookupEngine(config.lookups);
  for (const row of weather) again.add('weather', row);
  for (const row of flights) again.add('flights', row);
  again.advance(flights.at(-1).scheduled);
  rounds.push({
    read: (both - events) / flights.length,
    event: events / (2 * flights.length + weather.length),
    rebuild: (cpu() - began) / 1000,
  });
}
const median = name => rounds.map(one => one[name]).sort((a, b) => a - b)[3];
console.log(`lookups of one request   ${median('read').toFixed(2)} µs CPU (goal: at most 10)`);
console.log(`one event of a source    ${median('event').toFixed(2)} µs CPU`);
console.log(
  `rebuild of the state     ${median('rebuild').toFixed(0)} ms for ${flights.length + weather.length} rows`,
);
