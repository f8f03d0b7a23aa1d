"""Prints, as pydicom reads them, the attributes of each frame of DICOM files: one JSON array.

Usage: attributes.py FILE...
A frame's own functional group goes before the shared one, and that before the object's own value.
"""

import json
import sys

import pydicom

GROUPS = {
    "ImagePositionPatient": "PlanePositionSequence",
    "ImageOrientationPatient": "PlaneOrientationSequence",
    "PixelSpacing": "PixelMeasuresSequence",
    "SliceThickness": "PixelMeasuresSequence",
    "RescaleSlope": "PixelValueTransformationSequence",
    "RescaleIntercept": "PixelValueTransformationSequence",
    "EffectiveEchoTime": "MREchoSequence",
    "DiffusionBValue": "MRDiffusionSequence",
    "InStackPositionNumber": "FrameContentSequence",
    "TemporalPositionIndex": "FrameContentSequence",
    "DimensionIndexValues": "FrameContentSequence",
}


def within(groups, sequence, keyword):
    items = groups.get(sequence) or []
    return items[0].get(keyword) if len(items) > 0 else None


def value(dataset, frame, keyword):
    per_frame = dataset.get("PerFrameFunctionalGroupsSequence") or []
    shared = dataset.get("SharedFunctionalGroupsSequence") or []
    for groups in list(per_frame[frame : frame + 1]) + list(shared[:1]):
        found = within(groups, GROUPS[keyword], keyword)
        if found is not None:
            return found
    return dataset.get(keyword)


def plain(found):
    if found is None or found == "":
        return None
    if isinstance(found, (list, pydicom.multival.MultiValue)):
        return [float(part) for part in found]
    return float(found)


def frames(dataset):
    count = int(dataset.get("NumberOfFrames") or 1)
    return [{key: plain(value(dataset, n, key)) for key in GROUPS} for n in range(count)]


def told(path):
    dataset = pydicom.dcmread(path, stop_before_pixels=True, force=True)
    return {
        "seriesUid": str(dataset.get("SeriesInstanceUID", "")),
        "instanceUid": str(dataset.get("SOPInstanceUID", "")),
        "transferSyntaxUid": str(dataset.file_meta.get("TransferSyntaxUID", "")),
        "rows": dataset.get("Rows"),
        "columns": dataset.get("Columns"),
        "bits": [dataset.get("BitsAllocated"), dataset.get("BitsStored"), dataset.get("HighBit")],
        "isSigned": dataset.get("PixelRepresentation") == 1,
        "frames": frames(dataset),
    }


json.dump([told(path) for path in sys.argv[1:]], sys.stdout)
