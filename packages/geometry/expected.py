#!/usr/bin/python3
"""What nibabel says about affines, as JSON.

    expected.py > expected.json        the table that the tests hold
    expected.py --stdin < affines      the same of a JSON list of {name, affine (16 numbers)}

Per affine: io_orientation and aff2axcodes as nibabel gives them, all distinct answers that
io_orientation gives when the columns are taken in another order (more than one where they compete
for a row), the inverse, and what apply_affine makes of three points.
"""
import itertools
import json
import sys

import nibabel as nib
import numpy as np
from nibabel.affines import apply_affine

POINTS = [[0, 0, 0], [3, -2.5, 7.25], [100, 50, 25]]


def rotation(axis, degrees):
    a = np.deg2rad(degrees)
    i, j = [(1, 2), (2, 0), (0, 1)][axis]
    r = np.eye(3)
    r[i, i] = r[j, j] = np.cos(a)
    r[i, j], r[j, i] = -np.sin(a), np.sin(a)
    return r


def affine(linear, origin=(0, 0, 0), stored=np.float64):
    m = np.eye(4)
    m[:3, :3] = linear
    m[:3, 3] = origin
    return m.astype(stored).astype(np.float64)


def cases():
    spacing = np.diag([0.7, 1.3, 5.0])
    oblique = rotation(0, 17) @ rotation(1, -9) @ rotation(2, 31)
    shear = np.array([[1, 0.3, -0.2], [0, 1, 0.4], [0, 0, 1]])
    yield 'identity', affine(np.eye(3))
    yield 'anisotropic', affine(spacing, (-90, 12.5, 33))
    yield 'flipped', affine(np.diag([-1, -1, 1]) @ spacing, (90, 126, -72))
    yield 'permuted', affine(np.eye(3)[:, [2, 0, 1]] @ spacing, (1, 2, 3))
    yield 'permuted and flipped', affine(np.array([[0, 0, 2], [-3, 0, 0], [0, -1, 0]]), (5, 6, 7))
    yield 'oblique', affine(oblique @ spacing, (-20, 30, 40))
    yield 'oblique as float32', affine(oblique, (-20, 30, 40), np.float32)
    yield 'sheared', affine(shear @ spacing, (10, 20, 30))
    yield 'sheared and oblique', affine(oblique @ shear, (10, 20, 30))
    yield 'strong shear', affine(np.array([[1, 0.9, 0.8], [0, 1, 0.9], [0, 0, 1]]))
    for axis in range(3):
        for degrees in (45, -45, 135):
            yield f'{degrees} degrees about {axis}', affine(rotation(axis, degrees), (1, 2, 3), np.float32)
    yield 'two 45-degree turns', affine(rotation(0, 45) @ rotation(2, 45), (0, 0, 0), np.float32)
    yield 'all entries near 2/3', affine(np.eye(3) - 2 / 3, (0, 0, 0), np.float32)
    random = np.random.default_rng(20260101)
    for number in range(20):
        q, _ = np.linalg.qr(random.normal(size=(3, 3)))
        yield f'random {number}', affine(q @ np.diag(random.uniform(0.3, 4, 3)), random.uniform(-200, 200, 3), np.float32)


def answers_in_any_order(m):
    found = set()
    for order in itertools.permutations(range(3)):
        ornt = nib.io_orientation(m[:, [*order, 3]])
        found.add(tuple((int(ornt[order.index(c)][0]), int(ornt[order.index(c)][1])) for c in range(3)))
    return sorted(found)


def answer(name, m):
    return {
        'name': name,
        'affine': m.ravel().tolist(),
        'orientation': nib.io_orientation(m).astype(int).tolist(),
        'anyOrder': answers_in_any_order(m),
        'code': ''.join(nib.aff2axcodes(m)),
        'inverse': np.linalg.inv(m).ravel().tolist(),
        'applied': apply_affine(m, POINTS).tolist(),
    }


if __name__ == '__main__':
    if '--stdin' in sys.argv:
        given = [(c['name'], np.array(c['affine'], float).reshape(4, 4)) for c in json.load(sys.stdin)]
    else:
        given = cases()
    print('[' + ',\n'.join(json.dumps(answer(name, m)) for name, m in given) + ']')
