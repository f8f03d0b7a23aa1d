/** JSON as bytes: to text the framework would add a charset, and old clients compare the type. */
export function jsonBody(json: string): Buffer {
  return Buffer.from(`${json}\n`);
}
