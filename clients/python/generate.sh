#!/bin/sh
# Makes Python code from proto/ into clients/python/generated. On Debian it needs
# protobuf-compiler, protobuf-compiler-grpc and libprotobuf-dev; what it makes needs
# python3-grpcio and python3-protobuf.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p clients/python/generated
protoc -I proto \
  --python_out=clients/python/generated \
  --grpc_python_out=clients/python/generated \
  --plugin=protoc-gen-grpc_python="$(command -v grpc_python_plugin)" \
  proto/sextant/v1/*.proto
