/**
 * Tags of a CSA header, and values of a tag, beyond which it is none.
 * @internal
 */
const MOST_TAGS = 1000;
/**
 * Values of one tag.
 * @internal
 */
const MOST_ITEMS = 1000;
const TAG_BYTES = 84;
const NAME_BYTES = 64;

/**
 * The numbers of a Siemens CSA header, by name. It is little endian: "SV10", four bytes, the count of tags;
 * each tag a name of 64 bytes, VM, VR, and values, whose lengths stand in the second of four words and
 * are padded to four bytes. The older form begins with the count, and has a length in the first word, to
 * which the first tag's count of values is added. Undefined when the bytes are not such.
 */
export function readCsa(bytes: Buffer | undefined): Map<string, number[]> | undefined {
  if (bytes === undefined || bytes.length < 16) return undefined;
  const isNew = bytes.toString('latin1', 0, 4) === 'SV10';
  let at = isNew ? 8 : 0;
  const tags = bytes.readUInt32LE(at);
  if (tags > MOST_TAGS) return undefined;
  at += 8;
  const numbers = new Map<string, number[]>();
  let added: number | undefined;
  for (let tag = 0; tag < tags; tag++) {
    if (at + TAG_BYTES > bytes.length) return undefined;
    const name = bytes.toString('latin1', at, at + NAME_BYTES).replace(/\0.*$/s, '');
    const items = bytes.readUInt32LE(at + NAME_BYTES + 12);
    at += TAG_BYTES;
    if (items > MOST_ITEMS) return undefined;
    added ??= items;
    const values: number[] = [];
    for (let item = 0; item < items; item++) {
      if (at + 16 > bytes.length) return undefined;
      const length = isNew ? bytes.readUInt32LE(at + 4) : bytes.readUInt32LE(at) - added;
      at += 16;
      if (length < 0 || length > bytes.length - at) return undefined;
      const text = bytes
        .toString('latin1', at, at + length)
        .replace(/\0.*$/s, '')
        .trim();
      if (text !== '' && Number.isFinite(Number(text))) values.push(Number(text));
      at += Math.ceil(length / 4) * 4;
    }
    numbers.set(name, values);
  }
  return numbers;
}
