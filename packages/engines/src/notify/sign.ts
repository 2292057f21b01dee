import { createHmac } from 'node:crypto';

/**
 * The value of `x-twinloop-signature`: `t=<unix seconds>,v1=<hex>`, an HMAC-SHA-256 of `<t>.<body>` under the channel's
 * secret, the scheme of Stripe's webhooks. The time is signed, so that an old message cannot be played again.
 */
export function signature(secret: string, unixSeconds: number, body: string): string {
  const mac = createHmac('sha256', secret).update(`${unixSeconds}.${body}`).digest('hex');
  return `t=${unixSeconds},v1=${mac}`;
}
