/** The guide's packages of transforms; a name may stand without its own, as later guides have it. */
const PREFIX = /^(transforms|transforms_ctrl|transforms_fastaug|writers)\./;

/** All spellings of a name as the guide prints it: with and without prefix, Nifti and Nifty. */
export function knownNames({ name }: { readonly name: string }): readonly string[] {
  const bare = bareName(name);
  const plain = PREFIX.exec(name)?.[1] === 'writers' ? [] : [`transforms.${bare}`];
  const spellings = new Set([name, ...plain, bare]);
  return [...spellings].flatMap((spelling) =>
    spelling.includes('Nifty') ? [spelling, spelling.replace('Nifty', 'Nifti')] : [spelling],
  );
}

/** Without the guide's package. */
export function bareName(name: string): string {
  return name.replace(PREFIX, '');
}
