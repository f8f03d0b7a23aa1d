// Draws docs/transforms/*.png, a slice before and after each transform: `npm run docs`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';
import {
  compilePreparation,
  type Field,
  Fields,
  fieldOf,
  findTransform,
  prepareItem,
  shapeOf,
} from '#transforms';
import { EXAMPLES, type Example, pictureName } from './transform-examples.ts';

const ROOT = join(import.meta.dirname, '..');
const FOLDER = join(ROOT, 'docs/transforms');
const SAMPLES = join(ROOT, 'samples/hippocampus');
/** Pixels that a voxel has, and that lie between before and after. */
const ZOOM = 3;
const GAP = 12;
const TINT = [230, 60, 40] as const;

export interface Picture {
  readonly name: string;
  readonly png: PNG;
}

/** The pictures as they have to be: a test compares the committed ones with them. */
export async function transformPictures(): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (const [name, example] of Object.entries(EXAMPLES)) {
    pictures.push({ name: pictureName(name), png: await picture(name, example) });
  }
  return pictures;
}

async function picture(name: string, example: Example): Promise<PNG> {
  using fields = await sample(example);
  const before = slice(fields, 0);
  const bound = findTransform(name)?.bind(example.args, []);
  if (bound === undefined || !('value' in bound))
    throw new Error(`${name}: ${JSON.stringify(bound)}`);
  await bound.value.run({ fields, sample: { seed: 4, epoch: 0, item: 0 }, step: 1 });
  return sideBySide(before, slice(fields, example.channel ?? 0));
}

async function sample({ isPicture = false }: Example): Promise<Fields> {
  const files = {
    image: [join(SAMPLES, 'image.nii.gz')],
    ...(isPicture ? {} : { label: [join(SAMPLES, 'label.nii.gz')] }),
  };
  const load = { name: 'LoadNifty', fields: Object.keys(files) };
  const { preparation } = compilePreparation(
    { pre_transforms: [load] },
    { files, hasPoints: false },
  );
  if (preparation === undefined) throw new Error('the sample cannot be loaded');
  const fields = await prepareItem(preparation, { files });
  if (!isPicture) return fields;
  using volume = fields;
  const { storage } = volume.array('image');
  const middle = Math.floor((storage.shape[3] ?? 1) / 2);
  // Rows run downwards from the front, columns to the left: as a reader of the slice would see it.
  using one = storage.slice(3, middle, middle + 1);
  using seen = one.permute([0, 2, 1, 3]);
  return new Fields([['image', fieldOf(seen.flip([1, 2]), { axes: 2 })]]);
}

/** A slice of the image in greys, its label tinted; x to the left and y upwards, as radiologists look. */
interface Slice {
  readonly width: number;
  readonly height: number;
  /** Grey from 0 to 255, and whether it is labelled. */
  at(column: number, row: number): { grey: number; isLabel: boolean };
}

function slice(fields: Fields, channel: number): Slice {
  const image = fields.array('image');
  const [nx, ny] = shapeOf(image);
  const greys = middleOf(image, channel);
  const label = fields.has('label') ? fields.array('label') : undefined;
  const fits = label !== undefined && shapeOf(label).every((n, axis) => n === shapeOf(image)[axis]);
  const labels = fits ? middleOf(label, 0) : [];
  const [low, high] = [Math.min(...greys), Math.max(...greys)];
  const isPicture = image.axes === 2;
  return {
    width: isPicture ? ny : nx,
    height: isPicture ? nx : ny,
    at(column, row) {
      const n = isPicture ? row * ny + column : (nx - 1 - column) * ny + (ny - 1 - row);
      const part = high > low ? ((greys[n] ?? 0) - low) / (high - low) : 0;
      return { grey: Math.round(255 * part), isLabel: (labels[n] ?? 0) > 0 };
    },
  };
}

/** The middle slice along z, [x, y] in C order. */
function middleOf(field: Field, channel: number): number[] {
  using one = field.storage.select(0, channel);
  using plane = one.select(2, Math.floor((one.shape[2] ?? 1) / 2));
  return Array.from(plane.toArray(), Number);
}

function sideBySide(before: Slice, after: Slice): PNG {
  const width = (before.width + after.width) * ZOOM + GAP;
  const height = Math.max(before.height, after.height) * ZOOM;
  const png = new PNG({ width, height });
  png.data.fill(255);
  draw(png, before, 0);
  draw(png, after, before.width * ZOOM + GAP);
  return png;
}

function draw(png: PNG, seen: Slice, left: number): void {
  for (let y = 0; y < seen.height * ZOOM; y++) {
    for (let x = 0; x < seen.width * ZOOM; x++) {
      const { grey, isLabel } = seen.at(Math.floor(x / ZOOM), Math.floor(y / ZOOM));
      const colour = TINT.map((tint) => (isLabel ? Math.round(0.65 * grey + 0.35 * tint) : grey));
      png.data.set(colour, 4 * (y * png.width + left + x));
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(FOLDER, { recursive: true });
  for (const { name, png } of await transformPictures()) {
    const how = { colorType: 2 as const, deflateLevel: 9 };
    writeFileSync(join(FOLDER, name), PNG.sync.write(png, how));
  }
}
