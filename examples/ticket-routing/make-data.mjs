// Writes tickets.parquet: 6,000 support tickets of the year 2024, made up by this program; same seed, same file.
//
// What happens in the year:
//   1 July       a new product, Nimbus, is sold: its own words, and more technical tickets
//   1 September  the team "returns" becomes "aftercare" and takes lost parcels over from "shipping"
//
// node examples/ticket-routing/make-data.mjs [target.parquet]
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(process.argv[2] ?? join(here, 'tickets.parquet'));
const ROWS = 6000;
const HOUR = 36e5;
const START = Date.UTC(2024, 0, 1);
const YEAR = 366 * 24 * HOUR;
const NIMBUS = Date.UTC(2024, 6, 1);
const AFTERCARE = Date.UTC(2024, 8, 1);

// Mulberry32: a small generator that is the same everywhere.
let state = 20240101;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const pick = list => list[Math.floor(random() * list.length)];

const OPENERS = ['Hello,', 'Hi,', 'Good morning,', 'Dear team,', 'Hey', '', '', 'Urgent:', 'Second mail:'];
const CLOSERS = [
  'Thanks!',
  'Please help.',
  'Can you look into it?',
  'Regards',
  '',
  '',
  'This is the third time 😡',
  'No hurry.',
];
const OLD = ['the Stratus lamp', 'the Cirrus speaker', 'my Cumulus kettle', 'the desk set'];
const NEW = ['the Nimbus hub', 'my Nimbus', 'the Nimbus sensor'];

const TOPICS = {
  billing: [
    p => `I was charged twice for ${p}`,
    p => `the invoice for ${p} shows the wrong amount`,
    () => 'my credit card was declined but the bank says it is fine',
    p => `where is the refund for ${p}, it is not on my statement`,
    () => 'please change the billing address on the invoice',
    () => 'the voucher code was not taken off the price',
  ],
  access: [
    () => 'I cannot log in, the password reset mail never comes',
    () => 'my account is locked after too many attempts',
    () => 'the two factor code does not arrive on my phone',
    () => 'please change the e-mail address of my account',
    () => 'I forgot my password and the link has expired',
  ],
  shipping: [
    p => `when will ${p} be delivered`,
    p => `tracking for ${p} has not moved for days`,
    () => 'please deliver to another address',
    p => `can ${p} be sent to a pick-up point`,
  ],
  lost: [
    p => `the parcel with ${p} never arrived although it says delivered`,
    p => `${p} seems to be lost on the way`,
    () => 'the courier left the parcel at the wrong house',
  ],
  returns: [
    p => `I would like to return ${p}`,
    p => `${p} came broken, how do I send it back`,
    () => 'the return label cannot be printed',
    p => `I want to exchange ${p} for another colour`,
  ],
  technical: [
    p => `${p} does not switch on any more`,
    p => `${p} makes a strange noise`,
    p => `how do I connect ${p} to the wifi`,
    () => 'the app crashes when I open the settings',
    p => `the firmware update of ${p} stops at half`,
  ],
};
const NIMBUS_TOPICS = [
  p => `${p} loses its pairing every night`,
  () => 'the mesh shows an orange ring',
  p => `scenes do not run on ${p} since the last release`,
  () => 'the automation misses the sunset',
];
const SHARES = { billing: 0.24, access: 0.18, shipping: 0.18, lost: 0.08, returns: 0.16, technical: 0.16 };

function topicAt(at) {
  const shares = { ...SHARES, technical: at >= NIMBUS ? 0.34 : SHARES.technical };
  let rest = random() * Object.values(shares).reduce((a, b) => a + b);
  for (const [topic, share] of Object.entries(shares)) if ((rest -= share) < 0) return topic;
  return 'technical';
}

function teamOf(topic, at) {
  if (topic === 'lost') return at >= AFTERCARE ? 'aftercare' : 'shipping';
  if (topic === 'returns') return at >= AFTERCARE ? 'aftercare' : 'returns';
  return topic;
}

const lines = ['id,opened,closed,channel,team,message'];
for (let i = 0; i < ROWS; i++) {
  const at = Math.floor((START + ((i + random()) / ROWS) * YEAR) / 60_000) * 60_000;
  const topic = topicAt(at);
  const product = pick(at >= NIMBUS && random() < 0.4 ? NEW : OLD);
  const about = topic === 'technical' && at >= NIMBUS && random() < 0.6 ? NIMBUS_TOPICS : TOPICS[topic];
  // Some people write about two things, and the clerk takes the first.
  const second = random() < 0.15 ? `Also ${pick(TOPICS[topicAt(at)])(product)}.` : '';
  const message = [pick(OPENERS), `${pick(about)(product)}.`, second, pick(CLOSERS)]
    .filter(Boolean)
    .join(' ');
  // One ticket in twenty is closed by a team that it did not belong to.
  const team = teamOf(random() < 0.05 ? topicAt(at) : topic, at);
  const closed = at + Math.ceil((1 + 40 * random() ** 2) * 60) * 60_000;
  const channel = pick(['mail', 'mail', 'chat', 'phone']);
  lines.push(
    `T${String(i).padStart(5, '0')},${new Date(at).toISOString()},${new Date(closed).toISOString()},${channel},${team},"${message.replaceAll('"', '""')}"`,
  );
}

const scratch = await mkdtemp(join(tmpdir(), 'tickets-'));
try {
  const file = join(scratch, 'tickets.csv');
  await writeFile(file, `${lines.join('\n')}\n`);
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  await connection.run(
    `copy (select id, to_timestamp(epoch(opened::timestamp)) as opened, to_timestamp(epoch(closed::timestamp)) as closed, channel, team, message
       from read_csv('${file}', header = true, all_varchar = true) order by opened, id)
     to '${target}' (format parquet, compression zstd)`,
  );
  connection.closeSync();
  instance.closeSync();
} finally {
  await rm(scratch, { recursive: true });
}
