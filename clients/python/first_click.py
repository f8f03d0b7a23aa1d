#!/usr/bin/env python3
"""Six points in, a mask out: the whole way over gRPC.

    clients/python/first_click.py IMAGE POINTS.json MASK.nii.gz [MODEL]

POINTS.json is {"space": "index" | "ras" | "lps", "points": [[x, y, z], ...]};
SEXTANT_SERVER is the server's host:port. Needs grpcio (Debian's python3-grpcio
belongs to /usr/bin/python3) and the code that clients/python/generate.sh makes
from proto/.
"""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "generated"))

try:
    import grpc
    from sextant.v1 import annotation_pb2, annotation_pb2_grpc
    from sextant.v1 import session_pb2, session_pb2_grpc
    from sextant.v1 import volume_pb2, volume_pb2_grpc
except ModuleNotFoundError as missing:
    if missing.name.startswith("sextant"):
        sys.exit(f"{missing.name} is not there: clients/python/generate.sh makes it")
    sys.exit(
        f"{sys.executable} has no {missing.name}: Debian's python3-grpcio and python3-protobuf "
        "belong to /usr/bin/python3, so call that one, or install grpcio and protobuf for this one"
    )

CHUNK_BYTES = 1 << 20
SERVER = os.environ.get("SEXTANT_SERVER", "127.0.0.1:50051")


def main(image, points_file, mask_file, model="annotation_hippocampus"):
    points, space = read_points(points_file)
    with grpc.insecure_channel(SERVER) as channel:
        sessions = session_pb2_grpc.SessionServiceStub(channel)
        receipt = upload(channel, image)
        session = sessions.CreateSession(session_pb2.CreateSessionRequest(receipt=receipt)).session
        try:
            request = annotation_pb2.AnnotateRequest(
                session_id=session.session_id,
                model=model,
                points=points,
                space=space,
                mask_encoding=annotation_pb2.MASK_ENCODING_NIFTI_GZIP,
            )
            mask, summary = annotate(channel, request)
        finally:
            sessions.DeleteSession(session_pb2.DeleteSessionRequest(session_id=session.session_id))
    write_whole(mask_file, mask)
    milliseconds = sum(stage.milliseconds for stage in summary.stage_times)
    print(f"{mask_file}: {summary.mask_voxels} voxels in {milliseconds:.0f} ms")


def read_points(points_file):
    """Returns the points and their space as the contract has them."""
    with open(points_file, encoding="utf-8") as file:
        given = json.load(file)
    if given.get("space") not in ("index", "ras", "lps"):
        sys.exit(
            f'{points_file}: "space" must be "index", "ras" or "lps": which space the points are in'
        )
    points = [annotation_pb2.Point(x=x, y=y, z=z) for x, y, z in given["points"]]
    return points, annotation_pb2.PointSpace.Value(f"POINT_SPACE_{given['space'].upper()}")


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


def annotate(channel, request):
    """Returns the mask as the bytes of a .nii.gz file on the image's grid, and the summary."""
    mask = bytearray()
    for answer in annotation_pb2_grpc.AnnotationServiceStub(channel).Annotate(request):
        kind = answer.event.WhichOneof("event")
        if kind == "progress":
            print(annotation_pb2.Stage.Name(answer.event.progress.stage), file=sys.stderr)
        elif kind == "mask_chunk":
            mask += answer.event.mask_chunk.data
        elif kind == "summary":
            return bytes(mask), answer.event.summary
    sys.exit("the answer ended without a summary, so its mask is not whole")


def write_whole(path, data):
    """Leaves either the whole file or the one that was there before."""
    part = f"{path}.part"
    try:
        with open(part, "wb") as file:
            file.write(data)
        os.replace(part, path)
    finally:
        if os.path.exists(part):
            os.remove(part)


if __name__ == "__main__":
    if not 4 <= len(sys.argv) <= 5:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except grpc.RpcError as error:
        way_on = ""
        if error.code() is grpc.StatusCode.UNAVAILABLE:
            way_on = f"; asked {SERVER}: set SEXTANT_SERVER to the host:port of a server that runs"
        sys.exit(f"{error.code().name}: {error.details()}{way_on}")
    except OSError as error:
        sys.exit(f"{error.filename}: {error.strerror}")
    except json.JSONDecodeError as error:
        sys.exit(f"{sys.argv[2]} is no JSON: {error}")
