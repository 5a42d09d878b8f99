// What a cluster says of itself: which of its servers has which slots, and the slot of a name (the cluster specification of
// Redis: CRC16, XMODEM, of the hash tag).

export const SLOTS = 16_384;

/** Slots that one server has. */
export interface SlotRange {
  readonly first: number;
  readonly last: number;
  /** The server's name in the cluster, for ever. */
  readonly id: string;
  /** '': that of whoever was asked. */
  readonly host: string;
  readonly port: number;
}

/** The answer to CLUSTER SLOTS. */
export function slotRanges(reply: unknown): SlotRange[] {
  return listOf(reply).map((range) => {
    const [first, last, master] = listOf(range);
    const [host, port, id] = listOf(master);
    const isNamed = typeof host === 'string' && host !== '?';
    return {
      first: Number(first),
      last: Number(last),
      id: String(id),
      host: isNamed ? host : '',
      port: Number(port),
    };
  });
}

/** The slot of a name. */
export function slotOf(name: string): number {
  const begin = name.indexOf('{');
  const end = name.indexOf('}', begin + 1);
  const tag = begin !== -1 && end > begin + 1 ? name.slice(begin + 1, end) : name;
  let crc = 0;
  for (const byte of Buffer.from(tag)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
  }
  return (crc & 0xffff) % SLOTS;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
