#include "engine/element_types.hpp"

#include <array>

namespace sextant {
namespace {

/** By number, as `TensorProto.DataType` counts them. */
constexpr std::array<const char*, 17> names = {
    "undefined", "float32", "uint8",   "int8",    "uint16", "int16",  "int32",     "int64",     "string",
    "bool",      "float16", "float64", "uint32",  "uint64", "complex64", "complex128", "bfloat16"};

}  // namespace

ort::ElementType element_type(Dtype dtype) {
  switch (dtype) {
    case Dtype::float32: return 1;
    case Dtype::uint8: return 2;
    case Dtype::int8: return 3;
    case Dtype::uint16: return 4;
    case Dtype::int16: return 5;
    case Dtype::int32: return 6;
    case Dtype::int64: return 7;
    case Dtype::float64: return 11;
    case Dtype::uint32: return 12;
    case Dtype::uint64: return 13;
  }
  return 0;
}

const char* element_name(ort::ElementType type) {
  const bool known = type >= 0 && static_cast<std::size_t>(type) < names.size();
  return known ? names[static_cast<std::size_t>(type)] : "unknown";
}

}  // namespace sextant
