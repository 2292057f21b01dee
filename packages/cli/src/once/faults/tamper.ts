import { readFileSync, writeFileSync } from 'node:fs';

/** Changes one letter of a payload in the ledger's file, wherever the text stands in it. @throws RangeError when it is not there */
export function changeOneByte(file: string, text: string): void {
  const bytes = readFileSync(file);
  let at = bytes.indexOf(text);
  if (at < 0) throw new RangeError(`${file} does not hold "${text}"`);
  for (; at >= 0; at = bytes.indexOf(text, at + 1)) bytes[at + text.length - 1]! ^= 1;
  writeFileSync(file, bytes);
}
