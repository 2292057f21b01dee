/** Ends the process with one clear line when this Node is older than 20.19. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  process.stderr.write(`Twinloop needs Node 20.19 or newer; this is ${process.versions.node}.\n`);
  process.exit(1);
}
