import type { Client, ClientChannel } from 'ssh2';

/**
 * How much a channel may send before it must hear from us, in bytes (https://www.rfc-editor.org/rfc/rfc4254#section-5.2). ssh2 asks
 * for 2 MiB and again once half of it came, which at a round trip of 50 ms is 24 MB a second at most.
 */
const windowBytes = 4 * 1024 * 1024;
/** Asked for again in such steps. */
const stepBytes = 256 * 1024;
/** What sends less has no use for it. */
const shortBytes = 1024 * 1024;

/** What ssh2 keeps of a channel. */
interface Inner {
  readonly incoming: { window: number };
  readonly outgoing: { readonly id: number; readonly state: string };
}

interface Protocol {
  channelWindowAdjust(recipient: number, bytes: number): void;
}

/** Keeps a long stream from a far machine going, at the pace of whoever reads it. */
export function widen(client: Client, channel: ClientChannel): void {
  const { incoming, outgoing } = channel as unknown as Inner;
  const { _protocol: protocol } = client as unknown as { _protocol: Protocol };
  let passed = 0;
  const onData = (chunk: Buffer): void => {
    passed += chunk.byteLength;
    const missing = windowBytes - incoming.window;
    if (passed < shortBytes || missing < stepBytes || outgoing.state !== 'open') return;
    incoming.window += missing;
    protocol.channelWindowAdjust(outgoing.id, missing);
  };
  // A listener of its own would make the channel flow before anybody reads it.
  channel.once('resume', () => channel.on('data', onData));
}
