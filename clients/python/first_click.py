#!/usr/bin/env python3
"""Six points in, a mask out: the whole way over gRPC.

    clients/python/first_click.py IMAGE POINTS.json MASK.nii.gz [MODEL]

POINTS.json is {"space": "index" | "ras" | "lps", "points": [[x, y, z], ...]};
SEXTANT_SERVER is the server's host:port. Needs grpcio and the code that
clients/python/generate.sh makes from proto/.
"""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "generated"))

import grpc
from sextant.v1 import annotation_pb2, annotation_pb2_grpc
from sextant.v1 import session_pb2, session_pb2_grpc
from sextant.v1 import volume_pb2, volume_pb2_grpc

CHUNK_BYTES = 1 << 20


def main(image, points_file, mask_file, model="annotation_hippocampus"):
    server = os.environ.get("SEXTANT_SERVER", "127.0.0.1:50051")
    with grpc.insecure_channel(server) as channel:
        sessions = session_pb2_grpc.SessionServiceStub(channel)
        receipt = upload(channel, image)
        session = sessions.CreateSession(session_pb2.CreateSessionRequest(receipt=receipt)).session
        try:
            mask, summary = annotate(channel, session.session_id, model, points_file)
        finally:
            sessions.DeleteSession(session_pb2.DeleteSessionRequest(session_id=session.session_id))
    with open(mask_file, "wb") as file:
        file.write(mask)
    milliseconds = sum(stage.milliseconds for stage in summary.stage_times)
    print(f"{mask_file}: {summary.mask_voxels} voxels in {milliseconds:.0f} ms")


def upload(channel, image):
    """Sends the file and returns the receipt that opens sessions on it."""
    volumes = volume_pb2_grpc.VolumeServiceStub(channel)
    size = os.path.getsize(image)
    created = volumes.CreateUpload(volume_pb2.CreateUploadRequest(size_bytes=size))

    def parts():
        header = volume_pb2.UploadHeader(upload_id=created.upload_id, offset_bytes=0)
        yield volume_pb2.UploadVolumeRequest(header=header)
        with open(image, "rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                yield volume_pb2.UploadVolumeRequest(chunk=chunk)

    return volumes.UploadVolume(parts()).receipt


def annotate(channel, session_id, model, points_file):
    """Returns the mask as the bytes of a .nii.gz file on the image's grid, and the summary."""
    with open(points_file, encoding="utf-8") as file:
        given = json.load(file)
    request = annotation_pb2.AnnotateRequest(
        session_id=session_id,
        model=model,
        points=[annotation_pb2.Point(x=x, y=y, z=z) for x, y, z in given["points"]],
        space=annotation_pb2.PointSpace.Value(f"POINT_SPACE_{given['space'].upper()}"),
        mask_encoding=annotation_pb2.MASK_ENCODING_NIFTI_GZIP,
    )
    mask = bytearray()
    summary = None
    for answer in annotation_pb2_grpc.AnnotationServiceStub(channel).Annotate(request):
        kind = answer.event.WhichOneof("event")
        if kind == "progress":
            print(annotation_pb2.Stage.Name(answer.event.progress.stage), file=sys.stderr)
        elif kind == "mask_chunk":
            mask += answer.event.mask_chunk.data
        elif kind == "summary":
            summary = answer.event.summary
    return bytes(mask), summary


if __name__ == "__main__":
    if not 4 <= len(sys.argv) <= 5:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except grpc.RpcError as error:
        sys.exit(f"{error.code().name}: {error.details()}")
