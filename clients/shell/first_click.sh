#!/usr/bin/env bash
# Six points in, a mask out, with nothing but `buf curl` and what the server says of itself by
# reflection:
#
#     clients/shell/first_click.sh IMAGE POINTS.json MASK.nii.gz [MODEL]
#
# POINTS.json is {"space": "index" | "ras" | "lps", "points": [[x, y, z], ...]};
# SEXTANT_SERVER is the server's host:port.
set -euo pipefail

fail() {
  echo "first_click.sh: $1" >&2
  exit 1
}

if (($# < 3 || $# > 4)); then
  sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
image=$1 points=$2 mask=$3 model=${4:-annotation_hippocampus} server=${SEXTANT_SERVER:-127.0.0.1:50051}
buf=$(cd "$(dirname "$0")/../.." && pwd)/node_modules/.bin/buf
[[ -x $buf ]] || fail 'buf is not there: npm run setup brings it'
[[ -f $image && -r $image ]] || fail "$image: no such file, or not to be read"
[[ -f $points && -r $points ]] || fail "$points: no such file, or not to be read"

# call SERVICE/METHOD: sends the messages on standard input, prints the answers as JSON
call() {
  "$buf" curl --protocol grpc --http2-prior-knowledge --reflect --data @- \
    "http://$server/sextant.v1.$1"
}

# of EXPRESSION: evaluates it over `it`, the array of the answers on standard input; fails when it
# has no value
of() {
  node -e 'const text = require("fs").readFileSync(0, "utf8").trim();
    const it = JSON.parse(`[${text.replace(/}\s*\n\s*{/g, "},{")}]`);
    const value = eval(process.argv[1]);
    if (value === undefined) process.exit(1);
    process.stdout.write(value)' "$1"
}

# The header, then the file in chunks of 1 MiB, which is the most that the server takes in one.
upload_messages() {
  printf '{"header": {"upload_id": "%s"}}\n' "$upload"
  SHELL=/bin/sh split --bytes=1M \
    --filter='printf "{\"chunk\": \""; base64 -w0; printf "\"}\n"' "$image"
}

question=$(node -e 'const [file, model] = process.argv.slice(1);
  const { points, space } = JSON.parse(require("fs").readFileSync(file, "utf8"));
  if (!["index", "ras", "lps"].includes(space)) {
    console.error(`${file}: "space" must be "index", "ras" or "lps": which space the points are in`);
    process.exit(1);
  }
  process.stdout.write(JSON.stringify({ model, points: points.map(([x, y, z]) => ({ x, y, z })),
    space: `POINT_SPACE_${space.toUpperCase()}`, maskEncoding: "MASK_ENCODING_NIFTI_GZIP" }))' \
  "$points" "$model") || fail 'the points cannot be used'

upload=$(call VolumeService/CreateUpload <<<"{\"size_bytes\": $(wc -c <"$image")}" |
  of 'it[0]?.uploadId') || 
  fail "no upload could be opened at $server: set SEXTANT_SERVER to the host:port of a server that runs"
receipt=$(upload_messages | call VolumeService/UploadVolume | of 'it[0]?.receipt') ||
  fail "the upload of $image ended without a receipt"
session=$(call SessionService/CreateSession <<<"{\"receipt\": \"$receipt\"}" |
  of 'it[0]?.session?.sessionId') || fail "no session could be opened on $image"

part=$mask.part
leave() {
  rm -f "$part"
  call SessionService/DeleteSession <<<"{\"session_id\": \"$session\"}" >/dev/null
}
trap leave EXIT

answers=$(call AnnotationService/Annotate <<<"{\"sessionId\": \"$session\", ${question:1}") ||
  fail 'no mask was made'
# Without a summary the stream was cut, and what came of the mask is worth nothing.
voxels=$(of 'it.at(-1)?.event?.summary && (it.at(-1).event.summary.maskVoxels ?? "0")' \
  <<<"$answers") || fail 'the answer ended without a summary'
of 'Buffer.concat(it.map((answer) => Buffer.from(answer.event.maskChunk?.data ?? "", "base64")))' \
  <<<"$answers" >"$part"
mv "$part" "$mask"
echo "$mask: $voxels voxels"
