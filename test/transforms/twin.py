"""A twin of the transforms that the guide's configurations use, in numpy and scipy.

Written from the guide's table and docs/transforms.md, not from Sextant's code: tests compare the two.
usage: twin.py CHAIN.json OUT, where CHAIN.json has transforms, files, seed, epoch, item
"""
import json
import sys

import nibabel
import numpy as np
from scipy import ndimage


class Philox4x32:
    """Salmon et al., SC 2011: ten rounds on a counter of four words under a key of two."""

    def __init__(self, seed, epoch, item, step):
        self.key = [seed & 0xFFFFFFFF, seed >> 32]
        self.counter = [0, (step << 8) & 0xFFFFFFFF, item, epoch]
        self.words = []

    def word(self):
        if not self.words:
            c, k = list(self.counter), list(self.key)
            for _ in range(10):
                a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
                c = [(b >> 32) ^ c[1] ^ k[0], b & 0xFFFFFFFF, (a >> 32) ^ c[3] ^ k[1], a & 0xFFFFFFFF]
                k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
            self.words = c
            self.counter[0] += 1
        return self.words.pop(0)

    def uniform(self, low=0.0, high=1.0):
        return low + (high - low) * ((self.word() >> 8) / 2**24)

    def below(self, n):
        while True:
            word = self.word()
            if word < 2**32 - 2**32 % n:
                return word % n


def names(value):
    return [value] if isinstance(value, str) else value


def load(path):
    image = nibabel.as_closest_canonical(nibabel.load(path))
    return np.asanyarray(image.dataobj)


def resized(array, shape, order):
    """Outer faces stay; centres are read at (o + 0.5) n / n' - 0.5, the nearest of two is the higher."""
    if order == 1:
        zoom = [after / before for after, before in zip(shape, array.shape)]
        return ndimage.zoom(array.astype(np.float64), zoom, order=1, grid_mode=True, mode="nearest")
    # In whole numbers: scipy rounds its positions before it looks for the nearest.
    for axis, (after, before) in enumerate(zip(shape, array.shape)):
        index = (2 * np.arange(after) + 1) * before // (2 * after)
        array = np.take(array, index, axis)
    return array


def on_space(array, operation):
    if array.ndim == 3:
        return operation(array)
    return np.stack([operation(channel) for channel in array])


def load_nifty(data, args, draw):
    for name in names(args["fields"]):
        data[name] = load(data[name])[np.newaxis]


def load_numpy_from_filename(data, args, draw):
    for name in names(args["fields"]):
        data[name] = load(data[name])


def volume_to_4d_array(data, args, draw):
    for name in names(args["fields"]):
        if data[name].ndim == 3:
            data[name] = data[name][np.newaxis]


def np_random_flip_3d(data, args, draw):
    flips = [draw.uniform() < args.get("probability", 0.5) for _ in range(3)]
    axes = [axis - 3 for axis in range(3) if flips[axis]]
    for name in names(args["applied_keys"]):
        data[name] = np.flip(data[name], axes)


def np_random_zoom_3d(data, args, draw):
    zoom = [draw.uniform(low, high) for low, high in zip(args["lower_limits"], args["upper_limits"])]
    for name in names(args["applied_keys"]):
        before = data[name].shape[-3:]
        after = [max(1, int(np.floor(n * f + 0.5))) for n, f in zip(before, zoom)]
        order = 0 if name == "label" else 1
        data[name] = on_space(data[name], lambda array: resized(array, after, order))


def scale_intensity_range(data, args, draw):
    a, b = (args["a_min"], args["a_max"]), (args["b_min"], args["b_max"])
    for name in names(args["field"]):
        values = (data[name].astype(np.float64) - a[0]) / (a[1] - a[0]) * (b[1] - b[0]) + b[0]
        data[name] = np.clip(values, *b) if args.get("clip") else values


def scale_intensity_oscillation(data, args, draw):
    offset = draw.uniform(-args["magnitude"], args["magnitude"])
    for name in names(args["field"]):
        data[name] = data[name].astype(np.float64) + offset


def normalize_nonzero_intensities(data, args, draw):
    for name in names(args["fields"]):
        data[name] = data[name].astype(np.float64)
        for channel in data[name]:
            inside = channel != 0
            channel[inside] = (channel[inside] - channel[inside].mean()) / channel[inside].std()


def crop_foreground_object(data, args, draw):
    image, label = data[args["image_field"]], data[args["label_field"]] > 0
    found = np.argwhere(label[0])
    low = np.maximum(found.min(0) - args["pad"], 0)
    high = np.minimum(found.max(0) + 1 + args["pad"], label.shape[1:])
    box = (slice(None),) + tuple(slice(a, b) for a, b in zip(low, high))
    size = args["size"]
    data[args["image_field"]] = on_space(image[box], lambda array: resized(array, size, 1))
    cropped = label[box].astype(np.uint8)
    data[args["label_field"]] = on_space(cropped, lambda array: resized(array, size, 0))


def np_random_rot90_xy(data, args, draw):
    turned = draw.uniform() < args.get("probability", 0.5)
    turns = 1 + draw.below(3) if turned else 0
    for name in names(args["applied_keys"]):
        data[name] = np.rot90(data[name], turns, axes=(1, 2))


def extreme_points(label, pert, draw):
    found = np.argwhere(label)
    points = []
    for axis in range(3):
        for edge in (found[:, axis].min(), found[:, axis].max()):
            face = found[found[:, axis] == edge]
            if pert == 0:
                distance = np.round(((face - face.mean(0)) ** 2).sum(1), 6)
                points.append(face[np.argmin(distance)].astype(np.float64))
            else:
                voxel = face[draw.below(len(face))]
                moved = [voxel[i] + draw.uniform(-pert, pert) for i in range(3)]
                points.append(np.clip(moved, 0, np.array(label.shape) - 1))
    return points


def add_extreme_points_channel(data, args, draw):
    image, label = data[args["image_field"]], data[args["label_field"]][0]
    grid = np.indices(label.shape, dtype=np.float64)
    channel = np.zeros(label.shape)
    for point in extreme_points(label > 0, args.get("pert", 0), draw):
        squared = sum((grid[axis] - point[axis]) ** 2 for axis in range(3))
        channel = np.maximum(channel, np.exp(-squared / (2 * args["sigma"] ** 2)))
    data[args["image_field"]] = np.concatenate([image, channel[np.newaxis]])


def split_across_channels(data, args, draw):
    whole = data[args["applied_key"]]
    for index, name in enumerate(args["channel_names"]):
        channel = whole[index]
        data[name] = channel if args.get("squeeze") else channel[np.newaxis]


TRANSFORMS = {
    "LoadNifty": load_nifty,
    "LoadNumpyFromFilename": load_numpy_from_filename,
    "VolumeTo4dArray": volume_to_4d_array,
    "NPRandomFlip3D": np_random_flip_3d,
    "NPRandomZoom3D": np_random_zoom_3d,
    "ScaleIntensityRange": scale_intensity_range,
    "ScaleIntensityOscillation": scale_intensity_oscillation,
    "NormalizeNonzeroIntensities": normalize_nonzero_intensities,
    "CropForegroundObject": crop_foreground_object,
    "NPRandomRot90_XY": np_random_rot90_xy,
    "AddExtremePointsChannel": add_extreme_points_channel,
    "SplitAcrossChannels": split_across_channels,
}


def run(chain):
    data = dict(chain["files"])
    for name in chain.get("preloaded", []):
        data[name] = load(data[name])
    for step, transform in enumerate(chain["transforms"]):
        draw = Philox4x32(chain["seed"], chain["epoch"], chain["item"], step)
        TRANSFORMS[transform["name"].split(".")[-1]](data, transform, draw)
    return data


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        arrays = run(json.load(file))
    np.savez(sys.argv[2], **{name: np.ascontiguousarray(a, np.float32) for name, a in arrays.items()})
