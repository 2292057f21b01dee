import { BlockList, isIP } from 'node:net';

/** Addresses that lead inside: loopback, private, link-local (cloud metadata), carrier NAT, multicast, unspecified, documentation. */
function insideList(): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ] as const) {
    list.addSubnet(net, prefix, 'ipv4');
  }
  for (const [net, prefix] of [
    ['::', 128],
    ['::1', 128],
    ['64:ff9b::', 96],
    ['fc00::', 7],
    ['fe80::', 10],
    ['ff00::', 8],
    ['2001:db8::', 32],
  ] as const) {
    list.addSubnet(net, prefix, 'ipv6');
  }
  return list;
}

const INSIDE = insideList();
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** Whether an address is inside (not on the public internet). IPv4-mapped IPv6 counts as the IPv4 it holds. */
export function isInside(address: string): boolean {
  const mapped = MAPPED.exec(address);
  const plain = mapped?.[1] ?? address;
  const family = isIP(plain);
  return family === 0 || INSIDE.check(plain, family === 6 ? 'ipv6' : 'ipv4');
}

/** Inside addresses that the server's configuration allows: single addresses or CIDR blocks. @throws RangeError on a malformed entry */
export function allowList(entries: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const entry of entries) {
    const [net, prefix] = entry.split('/');
    const family = isIP(net!);
    if (family === 0) throw new RangeError(`"${entry}" is neither an address nor a CIDR block`);
    const type = family === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(net!, type);
    else list.addSubnet(net!, Number(prefix), type);
  }
  return address => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
