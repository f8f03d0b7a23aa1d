"""The guide's training chain in numpy and scipy, as fast as these go, on two processes.

usage: rival.py CHAIN.json, where CHAIN.json has transforms, items (files of each) and seed
prints {"seconds": ..., "sums": [[image, label] of each item]}
"""
import json
import multiprocessing
import os
import sys
import time

import numpy as np
from scipy import ndimage

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../test/transforms"))
import twin  # noqa: E402


def resized(array, shape, order):
    if order == 0:
        return SLOW_RESIZED(array, shape, order)
    zoom = [after / before for after, before in zip(shape, array.shape)]
    source = array.astype(np.float32, copy=False)
    return ndimage.zoom(source, zoom, order=1, grid_mode=True, mode="nearest")


def scale_intensity_range(data, args, draw):
    factor = np.float32((args["b_max"] - args["b_min"]) / (args["a_max"] - args["a_min"]))
    for name in twin.names(args["field"]):
        values = data[name].astype(np.float32)
        values -= np.float32(args["a_min"])
        values *= factor
        values += np.float32(args["b_min"])
        data[name] = np.clip(values, args["b_min"], args["b_max"], out=values)


def scale_intensity_oscillation(data, args, draw):
    data[args["field"]] += np.float32(draw.uniform(-args["magnitude"], args["magnitude"]))


def add_extreme_points_channel(data, args, draw):
    """A Gaussian is a product of three: no exponential is taken of a voxel."""
    image, label = data[args["image_field"]], data[args["label_field"]][0]
    channel = np.zeros(label.shape, np.float32)
    for point in twin.extreme_points(label > 0, args.get("pert", 0), draw):
        x, y, z = [
            np.exp(-((np.arange(n) - p) ** 2) / (2 * args["sigma"] ** 2)).astype(np.float32)
            for n, p in zip(label.shape, point)
        ]
        np.maximum(channel, x[:, None, None] * (y[:, None] * z), out=channel)
    data[args["image_field"]] = np.concatenate([image, channel[np.newaxis]])


SLOW_RESIZED = twin.resized
twin.resized = resized
twin.TRANSFORMS["ScaleIntensityRange"] = scale_intensity_range
twin.TRANSFORMS["ScaleIntensityOscillation"] = scale_intensity_oscillation
twin.TRANSFORMS["AddExtremePointsChannel"] = add_extreme_points_channel


def prepare(job):
    chain, item, files = job
    data = twin.run({**chain, "files": files, "item": item, "epoch": 0})
    return [float(data["image"].sum(dtype=np.float64)), int(data["label"].sum())]


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        chain = json.load(file)
    jobs = [(chain, item, files) for item, files in enumerate(chain["items"])]
    with multiprocessing.Pool(2) as pool:
        pool.map(prepare, jobs[:2], chunksize=1)
        start = time.perf_counter()
        sums = pool.map(prepare, jobs, chunksize=1)
        seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "sums": sums}))
