// ONNX's element types and ours.
#pragma once

#include "tensor/dtype.hpp"
#include "engine/ort_api.hpp"

namespace sextant {

/** The library's number for one of our dtypes. */
ort::ElementType element_type(Dtype dtype);

/**
 * The name of any ONNX element type, ours ('float32') where we have it, else ONNX's ('float16').
 */
const char* element_name(ort::ElementType type);

}  // namespace sextant
