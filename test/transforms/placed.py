"""Where the voxels of an image lie after a transform, and what it has there: by its affine alone.

Each transform is a shape and an affine in RAS millimetres, worked out from the file's affine with
nibabel; the voxels are then read from the file, in its own order, at those millimetres.
usage: placed.py CHAIN.json OUT, or placed.py --write FILE.nii
"""
import json
import sys

import nibabel
import numpy as np
from nibabel import orientations
from twin import Philox4x32, at_positions


def write(path):
    """13 x 9 x 11 voxels of 3, 0.8 and 1.7 mm; the axes run about down, left and to the front, turned."""
    x, y, z = 0.3, -0.2, 0.25
    c, s = np.cos, np.sin
    turn = np.array([[c(z), -s(z), 0], [s(z), c(z), 0], [0, 0, 1]])
    turn = turn @ np.array([[c(y), 0, s(y)], [0, 1, 0], [-s(y), 0, c(y)]])
    turn = turn @ np.array([[1, 0, 0], [0, c(x), -s(x)], [0, s(x), c(x)]])
    stored = np.array([[0, -1, 0], [0, 0, 1], [-1, 0, 0]])
    affine = np.eye(4)
    affine[:3, :3] = turn @ stored @ np.diag([3, 0.8, 1.7])
    affine[:3, 3] = [31, -17, 52]
    i, j, k = np.indices((13, 9, 11))
    values = 400 * np.sin(i / 3) + 300 * np.cos(j / 2 + k / 4) + 20 * ((i + 2 * j + 3 * k) % 5)
    nibabel.save(nibabel.Nifti1Image(values.astype(np.float32), affine), path)


def shifted(affine, low):
    after = affine.copy()
    after[:3, 3] = affine[:3, :3] @ low + affine[:3, 3]
    return after


def millimetres(affine):
    return np.linalg.norm(affine[:3, :3], axis=0)


def with_voxels(shape, affine, before, target):
    """Voxels of other lengths behind the same lower faces."""
    factor = np.array(target) / before
    size = [max(1, int(np.floor(n / f + 0.5))) for n, f in zip(shape, factor)]
    after = affine.copy()
    after[:3, :3] = affine[:3, :3] * factor
    # The corner of the first voxel stays.
    after[:3, 3] = affine[:3, 3] - affine[:3, :3] @ np.full(3, 0.5) + after[:3, :3] @ np.full(3, 0.5)
    return size, after


def spacing(shape, affine, args, draw):
    return with_voxels(shape, affine, millimetres(affine), args["pixdim"])


def resample_volume(shape, affine, args, draw):
    return with_voxels(shape, affine, np.array(args["resolution"]), args["target_resolution"])


def orientation(shape, affine, args, draw):
    now = orientations.io_orientation(affine)
    change = orientations.ornt_transform(now, orientations.axcodes2ornt(args["axcodes"]))
    size = [0, 0, 0]
    for axis, (output, _) in enumerate(change):
        size[int(output)] = shape[axis]
    return size, affine @ orientations.inv_ornt_aff(change, shape)


def crop_sub_volume_center(shape, affine, args, draw):
    return args["size"], shifted(affine, [(n - s) // 2 for n, s in zip(shape, args["size"])])


def spatial_pad(shape, affine, args, draw):
    size = [max(n, s) for n, s in zip(shape, args["spatial_size"])]
    return size, shifted(affine, [-((a - n) // 2) for n, a in zip(shape, size)])


def flip_axis_random(shape, affine, args, draw):
    after = affine.copy()
    for axis in args["axis"]:
        if draw.uniform() < args["probability"]:
            after = shifted(after, [shape[a] - 1 if a == axis else 0 for a in range(3)])
            after[:3, axis] *= -1
    return shape, after


def np_random_zoom_3d(shape, affine, args, draw):
    zoom = [draw.uniform(a, b) for a, b in zip(args["lower_limits"], args["upper_limits"])]
    size = [max(1, int(np.floor(n * f + 0.5))) for n, f in zip(shape, zoom)]
    edges = millimetres(affine)
    _, after = with_voxels(shape, affine, edges, edges * np.array(shape) / size)
    if not args.get("keep_size"):
        return size, after
    return shape, shifted(after, [(z - n) // 2 for n, z in zip(shape, size)])


def rand_affine(shape, affine, args, draw):
    done = draw.uniform() < args["prob"]
    within = lambda key: np.array([draw.uniform(-r, r) for r in args.get(key, [0, 0, 0])])
    (x, y, z), scales, shift = within("rotate_range"), within("scale_range"), within("translate_range")
    assert done
    c, s = np.cos, np.sin
    turn = np.array([[c(z), -s(z), 0], [s(z), c(z), 0], [0, 0, 1]])
    turn = turn @ np.array([[c(y), 0, s(y)], [0, 1, 0], [-s(y), 0, c(y)]])
    turn = turn @ np.array([[1, 0, 0], [0, c(x), -s(x)], [0, s(x), c(x)]])
    edges = millimetres(affine)
    directions = affine[:3, :3] / edges
    size = args.get("spatial_size", shape)
    after = np.eye(4)
    # The axes of the grid are turned as a rigid body is, in millimetres; then each is scaled.
    after[:3, :3] = directions @ turn @ np.diag(1 / (1 + scales)) @ np.diag(edges)
    centre = affine[:3, :3] @ ((np.array(shape) - 1) / 2 + shift) + affine[:3, 3]
    after[:3, 3] = centre - after[:3, :3] @ ((np.array(size) - 1) / 2)
    return size, after


TRANSFORMS = {
    "Spacing": spacing,
    "ResampleVolume": resample_volume,
    "Orientation": orientation,
    "CropSubVolumeCenter": crop_sub_volume_center,
    "SpatialPad": spatial_pad,
    "FlipAxisRandom": flip_axis_random,
    "NPRandomZoom3D": np_random_zoom_3d,
    "RandAffine": rand_affine,
}


def run(chain):
    image = nibabel.load(chain["files"]["image"])
    canonical = nibabel.as_closest_canonical(image)
    shape, affine, order = list(canonical.shape), canonical.affine, 1
    for step, args in enumerate(chain["transforms"]):
        if args["name"] == "LoadNifty":
            continue
        if args["name"] == "Invert":
            shape, affine = list(image.shape), image.affine
            continue
        draw = Philox4x32(chain["seed"], chain["epoch"], chain["item"], step)
        order = 0 if args.get("mode") == "nearest" else order
        shape, affine = TRANSFORMS[args["name"]](shape, affine, args, draw)
    to_file = np.linalg.inv(image.affine) @ affine
    voxels = np.asanyarray(image.dataobj)
    read = at_positions(voxels, to_file[:3, :3], to_file[:3, 3], shape, order)
    return {"image": read[np.newaxis], "affine": affine}


if __name__ == "__main__":
    if sys.argv[1] == "--write":
        write(sys.argv[2])
    else:
        with open(sys.argv[1], encoding="utf-8") as file:
            arrays = run(json.load(file))
        np.savez(sys.argv[2], **{name: np.ascontiguousarray(a, np.float32) for name, a in arrays.items()})
