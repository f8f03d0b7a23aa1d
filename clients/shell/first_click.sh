#!/usr/bin/env bash
# Six points in, a mask out, with nothing but `buf curl` and what the server says of itself by
# reflection:
#
#     clients/shell/first_click.sh IMAGE POINTS.json MASK.nii.gz [MODEL]
#
# SEXTANT_SERVER is the server's host:port.
# JSON writes bytes as base64 and one message holds 4 MiB at most, so this suits small images.
set -euo pipefail
image=$1 points=$2 mask=$3 model=${4:-annotation_hippocampus} server=${SEXTANT_SERVER:-127.0.0.1:50051}
buf=$(cd "$(dirname "$0")/../.." && pwd)/node_modules/.bin/buf

# call SERVICE/METHOD: sends the messages on standard input, prints the answers as JSON
call() {
  "$buf" curl --protocol grpc --http2-prior-knowledge --reflect --data @- \
    "http://$server/sextant.v1.$1"
}

# of EXPRESSION: evaluates it over `it`, the array of the answers on standard input
of() {
  node -e 'const text = require("fs").readFileSync(0, "utf8").trim();
    const it = JSON.parse(`[${text.replace(/}\s*\n\s*{/g, "},{")}]`);
    process.stdout.write(eval(process.argv[1]))' "$1"
}

upload=$(call VolumeService/CreateUpload <<<"{\"size_bytes\": $(wc -c <"$image")}" | of 'it[0].uploadId')
receipt=$(printf '{"header": {"upload_id": "%s"}} {"chunk": "%s"}' "$upload" "$(base64 -w0 "$image")" |
  call VolumeService/UploadVolume | of 'it[0].receipt')
session=$(call SessionService/CreateSession <<<"{\"receipt\": \"$receipt\"}" |
  of 'it[0].session.sessionId')
request=$(node -e 'const { points, space } = JSON.parse(require("fs").readFileSync(process.argv[1]));
  process.stdout.write(JSON.stringify({ sessionId: process.argv[2], model: process.argv[3],
    points: points.map(([x, y, z]) => ({ x, y, z })), space: `POINT_SPACE_${space.toUpperCase()}`,
    maskEncoding: "MASK_ENCODING_NIFTI_GZIP" }))' "$points" "$session" "$model")
answers=$(call AnnotationService/Annotate <<<"$request")
call SessionService/DeleteSession <<<"{\"session_id\": \"$session\"}" >/dev/null
of 'Buffer.concat(it.map((answer) => Buffer.from(answer.event.maskChunk?.data ?? "", "base64")))' \
  <<<"$answers" >"$mask"
echo "$mask: $(of 'it.at(-1).event.summary.maskVoxels' <<<"$answers") voxels"
