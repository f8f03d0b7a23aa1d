#!/usr/bin/python3
"""What nibabel reads in NIfTI files: check-written.py FILE... prints one JSON list."""
import hashlib
import json
import sys

import nibabel as nib
import numpy as np


def described(path):
    image = nib.load(path)
    stored = np.asanyarray(image.dataobj.get_unscaled())
    header = image.header
    return {
        'shape': list(image.shape),
        'dtype': str(header.get_data_dtype()),
        'affine': image.affine.ravel().tolist(),
        'qform': None if header['qform_code'] == 0 else image.get_qform().ravel().tolist(),
        'codes': [int(header['qform_code']), int(header['sform_code'])],
        'zooms': [float(z) for z in header.get_zooms()],
        'units': header.get_xyzt_units()[0],
        'slope': [float(image.dataobj.slope), float(image.dataobj.inter)],
        'description': bytes(header['descrip']).rstrip(b'\0').decode(),
        'md5': hashlib.md5(stored.tobytes(order='F')).hexdigest(),
    }


print(json.dumps([described(path) for path in sys.argv[1:]]))
