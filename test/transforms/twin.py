"""A twin of the transforms that the guide's configurations use, in numpy and scipy.

Written from the guide's table and docs/transforms.md, not from Sextant's code: tests compare the two.
usage: twin.py CHAIN.json OUT, where CHAIN.json has transforms, files, seed, epoch, item
"""
import json
import sys

import nibabel
import numpy as np
from scipy import ndimage, special


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

    @staticmethod
    def many(draw, stream, blocks):
        """The first two words of each block of another stream of the same step."""
        c = [np.arange(blocks, dtype=np.uint64), draw.counter[1] | stream, draw.counter[2], draw.counter[3]]
        c = [np.broadcast_to(np.asarray(word, np.uint64), blocks) for word in c]
        k, low = list(draw.key), np.uint64(0xFFFFFFFF)
        for _ in range(10):
            a, b = np.uint64(0xD2511F53) * c[0], np.uint64(0xCD9E8D57) * c[2]
            first = (b >> np.uint64(32)) ^ c[1] ^ np.uint64(k[0])
            third = (a >> np.uint64(32)) ^ c[3] ^ np.uint64(k[1])
            c = [first, b & low, third, a & low]
            k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
        return c[0].astype(np.int64), c[1].astype(np.int64)

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
    if not args.get("foreground_only", True):
        there = [value for value in np.unique(data[args["label_field"]]) if value > 0]
        label = data[args["label_field"]] == there[draw.below(len(there))]
    label = label.any(0, keepdims=True)
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
    image, label = data[args["image_field"]], (data[args["label_field"]] > 0).any(0)
    grid = np.indices(label.shape, dtype=np.float64)
    channel = np.zeros(label.shape)
    for point in extreme_points(label, args.get("pert", 0), draw):
        squared = sum((grid[axis] - point[axis]) ** 2 for axis in range(3))
        channel = np.maximum(channel, np.exp(-squared / (2 * args["sigma"] ** 2)))
    if args.get("kernel") == "monai":
        channel = monai_points(extreme_points(label > 0, 0, draw), label.shape, args["sigma"])
    data[args["image_field"]] = np.concatenate([image, channel[np.newaxis]])


def monai_points(points, shape, sigma):
    """monai.data.utils / transforms AddExtremePointsChannel: ones, GaussianFilter (erf, truncated at 4), [-1, 1]."""
    channel = np.zeros(shape)
    for point in points:
        channel[tuple(int(at) for at in point)] = 1
    tail = int(max(sigma * 4, 0.5) + 0.5)
    x = np.arange(-tail, tail + 1)
    scale = np.sqrt(0.5) / sigma
    weights = 0.5 * (special.erf(scale * (x + 0.5)) - special.erf(scale * (x - 0.5)))
    for axis in range(3):
        channel = ndimage.convolve1d(channel, weights, axis, mode="constant")
    return (channel - channel.min()) / (channel.max() - channel.min()) * 2 - 1


def center_data(data, args, draw):
    for name in names(args["applied_keys"]):
        values = data[name].astype(np.float64)
        mean, divisor = args.get("subtrahend"), args.get("divisor")
        mean = values.mean() if mean is None else mean
        data[name] = (values - mean) / (values.std() if divisor is None else divisor)


def clip_intensity_percentiles(data, args, draw):
    for name in names(args["fields"]):
        values = data[name].astype(np.float64)
        data[name] = np.clip(values, *np.percentile(values, [args["lower"], args["upper"]]))


def split_across_channels(data, args, draw):
    whole = data[args["applied_key"]]
    for index, name in enumerate(args["channel_names"]):
        channel = whole[index]
        data[name] = channel if args.get("squeeze") else channel[np.newaxis]


def window(array, low, size, fill=0):
    """`size` voxels from `low` on, of the last three axes; `fill` where there is no array."""
    space = array.shape[-3:]
    out = np.full(array.shape[:-3] + tuple(size), fill, np.result_type(array.dtype))
    source = tuple(slice(max(0, a), max(0, min(n, a + s))) for a, s, n in zip(low, size, space))
    target = tuple(slice(max(0, -a), max(0, -a) + (q.stop - q.start)) for a, q in zip(low, source))
    out[(Ellipsis,) + target] = array[(Ellipsis,) + source]
    return out


def crop_sub_volume_center(data, args, draw):
    for name in names(args["fields"]):
        low = [(n - s) // 2 for n, s in zip(data[name].shape[-3:], args["size"])]
        data[name] = window(data[name], low, args["size"])


def crop_sub_volume_random_within_bounds(data, args, draw):
    first, size = data[names(args["fields"])[0]], args["size"]
    low = [
        (n - s) // 2 if n < s else draw.below(n - s + 1) for n, s in zip(first.shape[-3:], size)
    ]
    for name in names(args["fields"]):
        data[name] = window(data[name], low, size)


def crop_sub_volume_pos_neg(data, args, draw):
    steps = draw.counter[3] // args["num_epochs"]
    start, end = args["ratio_start"], args["ratio_end"]
    ratio = start + np.sign(end - start) * abs(args["ratio_step"]) * steps
    ratio = float(np.clip(ratio, min(start, end), max(start, end)))
    positive = draw.uniform() < ratio / (1 + ratio)
    label = (data[args["label_field"]] > 0).any(0)
    found = np.argwhere(label if positive else ~label)
    centre = found[draw.below(len(found))]
    size, low = args["size"], []
    for c, s, n in zip(centre, size, label.shape):
        low.append((n - s) // 2 if n < s else int(np.clip(c - s // 2, 0, n - s)))
    for name in (args["image_field"], args["label_field"]):
        data[name] = window(data[name], low, size)


def flip_axis_random(data, args, draw):
    flips = [draw.uniform() < args.get("probability", 0.5) for _ in args["axis"]]
    axes = [axis - 3 for axis, flip in zip(args["axis"], flips) if flip]
    for name in names(args["fields"]):
        data[name] = np.flip(data[name], axes)


def spatial_pad(data, args, draw):
    for name in names(args["fields"]):
        space = data[name].shape[-3:]
        after = [max(n, s) for n, s in zip(space, args["spatial_size"])]
        end = args.get("method") == "end"
        low = [0 if end else -((a - n) // 2) for a, n in zip(after, space)]
        data[name] = window(data[name], low, after, args.get("value", 0))


def at_positions(array, matrix, start, size, order):
    """Linear or nearest (halves upwards); the border holds half a voxel, beyond it there is 0."""
    grid = np.indices(size, dtype=np.float64).reshape(3, -1)
    at = np.asarray(matrix).reshape(3, 3) @ grid + np.asarray(start)[:, np.newaxis]
    space = np.array(array.shape)[:, np.newaxis]
    inside = ((at >= -0.5 - 1e-9) & (at <= space - 0.5 + 1e-9)).all(0)
    held = np.clip(at, 0, space - 1)
    if order == 0:
        index = np.minimum(np.floor(held + 0.5 + 1e-9).astype(int), space - 1)
        values = array[tuple(index)]
    else:
        values = ndimage.map_coordinates(array.astype(np.float64), held, order=1, mode="nearest")
    return np.where(inside, values, 0).reshape(size)


def resample_volume(data, args, draw):
    name = args["applied_key"]
    step = [r / s for r, s in zip(args["target_resolution"], args["resolution"])]
    size = [max(1, int(np.floor(n / f + 0.5))) for n, f in zip(data[name].shape[-3:], step)]
    start = [0.5 * f - 0.5 for f in step]
    order = 0 if name == "label" else 1
    data[name] = on_space(data[name], lambda a: at_positions(a, np.diag(step), start, size, order))


def spacing(data, args, draw):
    for name in names(args["fields"]):
        resample = {"applied_key": name, "resolution": [1, 1, 1]}
        resample_volume(data, {**resample, "target_resolution": args["pixdim"]}, draw)


def rand_affine(data, args, draw):
    done = draw.uniform() < args.get("prob", 0.1)
    within = lambda key: [draw.uniform(-r, r) for r in args.get(key, [0, 0, 0])]
    (x, y, z), scales, shift = within("rotate_range"), within("scale_range"), within("translate_range")
    cos, sin = np.cos, np.sin
    about_x = np.array([[1, 0, 0], [0, cos(x), -sin(x)], [0, sin(x), cos(x)]])
    about_y = np.array([[cos(y), 0, sin(y)], [0, 1, 0], [-sin(y), 0, cos(y)]])
    about_z = np.array([[cos(z), -sin(z), 0], [sin(z), cos(z), 0], [0, 0, 1]])
    matrix = about_z @ about_y @ about_x @ np.diag([1 / (1 + s) for s in scales])
    for name in names(args["fields"]) if done else []:
        space = np.array(data[name].shape[-3:])
        size = args.get("spatial_size", space.tolist())
        start = (space - 1) / 2 + shift - matrix @ ((np.array(size) - 1) / 2)
        order = 0 if name == "label" else 1
        data[name] = on_space(data[name], lambda a: at_positions(a, matrix, start, size, order))


def scale_intensity_range_percentiles(data, args, draw):
    b = (args["b_min"], args["b_max"])
    for name in names(args["fields"]):
        low, high = np.percentile(data[name].astype(np.float64), [args["lower"], args["upper"]])
        values = (data[name].astype(np.float64) - low) / (high - low) * (b[1] - b[0]) + b[0]
        data[name] = np.clip(values, *b) if args.get("clip") else values


def normalize_intensity(data, args, draw):
    for name in names(args["fields"]):
        values = data[name].astype(np.float64)
        mean, std = args.get("subtrahend", values.mean()), args.get("divisor", values.std())
        data[name] = (values - mean) / std


def np_rep_channels(data, args, draw):
    for name in names(args["applied_keys"]):
        data[name] = np.repeat(data[name], args["repeat"], axis=0)


def np_expand_dims(data, args, draw):
    for name in names(args["applied_keys"]):
        data[name] = np.expand_dims(data[name], 0)


def argmax_across_channels(data, args, draw):
    for name in names(args["fields"]):
        data[name] = np.argmax(data[name], axis=0)[np.newaxis]


def apply_threshold(data, args, draw):
    for name in names(args["fields"]):
        data[name] = data[name] >= args.get("threshold", 0.5)


def keep_largest_connected_component(data, args, draw):
    structure = ndimage.generate_binary_structure(3, {6: 1, 18: 2, 26: 3}[args.get("connectivity", 6)])
    for name in names(args["fields"]):
        kept = data[name].copy()
        for label in args.get("applied_labels", [None]):
            mask = kept[0] > 0 if label is None else kept[0] == label
            parts, count = ndimage.label(mask, structure)
            if count > 0:
                largest = 1 + np.argmax(np.bincount(parts.ravel())[1:])
                kept[0][mask & (parts != largest)] = 0
        data[name] = kept


def orientation(data, args, draw):
    """Of images that are RAS already."""
    axes = [{"R": 0, "L": 0, "A": 1, "P": 1, "S": 2, "I": 2}[code] for code in args["axcodes"]]
    flips = [axis - 3 for axis, code in enumerate(args["axcodes"]) if code in "LPI"]
    for name in names(args["fields"]):
        data[name] = np.flip(np.moveaxis(data[name], [a - 3 for a in axes], [-3, -2, -1]), flips)


def np_resize_image(data, args, draw):
    rows, columns = args["output_shape"]
    for name in names(args["applied_keys"]):
        data[name] = np.stack([resized(channel, [rows, columns], 1) for channel in data[name]])


def np_2d_rotate(data, args, draw):
    angle = args["angle"]
    if args.get("random"):
        angle = draw.uniform(-angle, angle)
    for name in names(args["applied_keys"]):
        turned = [turned_2d(channel, angle) for channel in data[name]]
        data[name] = np.stack(turned)


def turned_2d(array, angle):
    """scipy.ndimage.rotate, but for what it takes from beyond the edge."""
    radians = np.deg2rad(angle)
    matrix = np.array([[np.cos(radians), np.sin(radians)], [-np.sin(radians), np.cos(radians)]])
    middle = (np.array(array.shape) - 1) / 2
    volume = np.zeros((3, 3))
    volume[:2, :2], volume[2, 2] = matrix, 1
    start = np.append(middle - matrix @ middle, 0)
    inside = at_positions(array[..., np.newaxis], volume, start, array.shape + (1,), 1)[..., 0]
    by_scipy = ndimage.rotate(array.astype(np.float64), angle, reshape=False, order=1)
    core = tuple(slice(n // 3, n - n // 3) for n in array.shape)
    assert np.allclose(inside[core], by_scipy[core]), "turned another way round than scipy does"
    return inside


def crop_random_sub_image_in_range(data, args, draw):
    array, lower = data["image"], args["lower_size"]
    space = array.shape[1:]
    least = [min(1, lower if lower < 1 else lower / n) for n in space]
    both = draw.uniform(max(least), 1)
    keeps = args.get("keep_aspect", True)
    size = [max(1, int(n * (both if keeps else draw.uniform(l, 1)) + 0.5)) for n, l in zip(space, least)]
    part = []
    for n, s in zip(space, size):
        room = (n - s) / 2
        reach = room * args.get("max_displacement", 1)
        low = int(np.clip(np.floor(room + draw.uniform(-reach, reach) + 0.5), 0, n - s))
        part.append(slice(low, low + s))
    data["image"] = array[(slice(None), *part)]


def load_png(data, args, draw):
    """The test keeps each picture as .npy beside its .png: numpy reads no PNG."""
    for name in names(args["fields"]):
        data[name] = np.load(data[name].replace(".png", ".npy"))


def adjust_contrast(data, args, draw):
    low, high = args.get("gamma", [0.5, 2])
    done = draw.uniform() < args.get("prob", 1)
    gamma = np.exp(draw.uniform(np.log(low), np.log(high)))
    for name in names(args["field"]) if done else []:
        values = data[name].astype(np.float64)
        least, most = values.min(), values.max()
        data[name] = ((values - least) / (most - least)) ** gamma * (most - least) + least


def add_gaussian_noise(data, args, draw):
    done = draw.uniform() < args.get("prob", 1)
    std = draw.uniform(0, args.get("std", 0.1))
    for n, name in enumerate(names(args["field"])) if done else []:
        array = data[name].astype(np.float64)
        words = Philox4x32.many(draw, n + 1, (array.size + 1) // 2)
        radius = np.sqrt(-2 * np.log(1 - (words[0] >> 8) / 2**24))
        angle = 2 * np.pi * ((words[1] >> 8) / 2**24)
        normal = np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1).ravel()
        data[name] = array + std * normal[: array.size].reshape(array.shape)


def rand_gaussian_smooth(data, args, draw):
    done = draw.uniform() < args.get("prob", 0.1)
    sigma = [draw.uniform(*args.get(f"sigma_{axis}", [0.25, 1.5])) for axis in "xyz"]
    for name in names(args["fields"]) if done else []:
        smooth = lambda a: ndimage.gaussian_filter(a.astype(np.float64), sigma, mode="nearest")
        data[name] = on_space(data[name], smooth)


def rand_bias_field(data, args, draw):
    done = draw.uniform() < args.get("prob", 0.1)
    low, high = args.get("coeff_range", [0, 0.1])
    coefficients = np.zeros((4, 4, 4))
    for a in range(4):
        for b in range(4 - a):
            for c in range(4 - a - b):
                coefficients[a, b, c] = draw.uniform(low, high)
    for name in names(args["fields"]) if done else []:
        axes = [np.linspace(-1, 1, n) for n in data[name].shape[-3:]]
        field = np.exp(np.polynomial.legendre.leggrid3d(*axes, coefficients))
        data[name] = data[name] * field


def fill_holes(data, args, draw):
    for name in names(args["fields"]):
        filled = data[name].copy()
        there = [label for label in np.unique(filled[0]) if label != 0]
        for label in args.get("applied_labels", there):
            holes = ndimage.binary_fill_holes(filled[0] == label) & (filled[0] == 0)
            filled[0][holes] = label
        data[name] = filled


def brats_convert_labels(data, args, draw):
    for name in names(args["fields"]):
        label = data[name][0]
        regions = [np.isin(label, region) for region in ([1, 4], [1, 2, 4], [4])]
        data[name] = np.stack(regions).astype(np.uint8)


def displaced(size, points):
    """The grid of `size` moved by a cubic B-spline of `points` [3, a, b, c], mirrored at their ends."""
    grid = np.indices(size, dtype=np.float64)
    scale = [(c - 1) / (n - 1) if n > 1 else 0 for c, n in zip(points.shape[1:], size)]
    at = [axis * s for axis, s in zip(grid, scale)]
    # prefilter=False: the points are coefficients, and the field does not go through them.
    moved = [
        ndimage.map_coordinates(p, at, order=3, mode="mirror", prefilter=False)
        for p in points.astype(np.float32).astype(np.float64)
    ]
    return grid + moved


def warped(array, matrix, start, size, points, order):
    at = displaced(size, points).reshape(3, -1)
    at = np.asarray(matrix).reshape(3, 3) @ at + np.asarray(start)[:, np.newaxis]
    space = np.array(array.shape)[:, np.newaxis]
    inside = ((at >= -0.5 - 1e-9) & (at <= space - 0.5 + 1e-9)).all(0)
    held = np.clip(at, 0, space - 1)
    if order == 0:
        values = array[tuple(np.minimum(np.floor(held + 0.5 + 1e-9).astype(int), space - 1))]
    else:
        values = ndimage.map_coordinates(array.astype(np.float64), held, order=1, mode="nearest")
    return np.where(inside, values, 0).reshape(size)


def control_points(draw, count, reach):
    return np.array(
        [[draw.uniform(-r, r) for _ in range(int(np.prod(count)))] for r in reach]
    ).reshape(3, *count)


def rand_3d_elastic(data, args, draw):
    done = draw.uniform() < args.get("prob", 0.1)
    apart = 2 * draw.uniform(*args.get("sigma_range", [5, 8]))
    reach = draw.uniform(*args.get("magnitude_range", [2, 6]))
    applied = names(args["fields"])
    size = data[applied[0]].shape[-3:]
    count = [max(2, int(np.ceil(n / apart)) + 1) for n in size]
    points = control_points(draw, count, [reach] * 3)
    for name in applied if done else []:
        order = 0 if name == "label" else 1
        data[name] = on_space(
            data[name], lambda a: warped(a, np.eye(3), np.zeros(3), size, points, order)
        )


def transform_volume_crop_roi(data, args, draw):
    positive = draw.uniform() < args["pos"] / (args["pos"] + args["neg"])
    label = (data["label"] > 0).any(0)
    found = np.argwhere(label if positive else ~label)
    centre = found[draw.below(len(found))]
    degrees = args.get("rotation_degree", 0) if args["rotation"] else 0
    factor = args.get("scale_factor", 0) if args["scale"] else 0
    x, y, z = [np.deg2rad(draw.uniform(-degrees, degrees)) for _ in range(3)]
    factors = [1 + draw.uniform(-factor, factor) for _ in range(3)]
    cos, sin = np.cos, np.sin
    about_x = np.array([[1, 0, 0], [0, cos(x), -sin(x)], [0, sin(x), cos(x)]])
    about_y = np.array([[cos(y), 0, sin(y)], [0, 1, 0], [-sin(y), 0, cos(y)]])
    about_z = np.array([[cos(z), -sin(z), 0], [sin(z), cos(z), 0], [0, 0, 1]])
    matrix = about_z @ about_y @ about_x @ np.diag([1 / f for f in factors])
    size = args["size"]
    start = centre - matrix @ ((np.array(size) - 1) / 2)
    points = control_points(draw, [5] * 3, [s / 20 for s in size]) if args["deform"] else None
    for name in names(args["applied_keys"]):
        order = 0 if name == "label" else 1
        if points is None:
            moved = lambda a: at_positions(a, matrix, start, size, order)
        else:
            moved = lambda a: warped(a, matrix, start, size, points, order)
        data[name] = on_space(data[name], moved)


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
    "CenterData": center_data,
    "ClipIntensityPercentiles": clip_intensity_percentiles,
    "SplitAcrossChannels": split_across_channels,
    "Rand3DElastic": rand_3d_elastic,
    "TransformVolumeCropROIFastPosNegRatio": transform_volume_crop_roi,
    "AdjustContrast": adjust_contrast,
    "AddGaussianNoise": add_gaussian_noise,
    "RandGaussianSmooth": rand_gaussian_smooth,
    "RandBiasField": rand_bias_field,
    "FillHoles": fill_holes,
    "BratsConvertLabels": brats_convert_labels,
    "Orientation": orientation,
    "NPResizeImage": np_resize_image,
    "NP2DRotate": np_2d_rotate,
    "CropRandomSubImageInRange": crop_random_sub_image_in_range,
    "LoadPng": load_png,
    "CropSubVolumeCenter": crop_sub_volume_center,
    "CropSubVolumeRandomWithinBounds": crop_sub_volume_random_within_bounds,
    "CropSubVolumePosNegRatioCtrlEpoch": crop_sub_volume_pos_neg,
    "FlipAxisRandom": flip_axis_random,
    "SpatialPad": spatial_pad,
    "ResampleVolume": resample_volume,
    "Spacing": spacing,
    "RandAffine": rand_affine,
    "ScaleIntensityRangePercentiles": scale_intensity_range_percentiles,
    "NormalizeIntensity": normalize_intensity,
    "NPRepChannels": np_rep_channels,
    "NPExpandDims": np_expand_dims,
    "ArgmaxAcrossChannels": argmax_across_channels,
    "ApplyThreshold": apply_threshold,
    "KeepLargestConnectedComponent": keep_largest_connected_component,
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
