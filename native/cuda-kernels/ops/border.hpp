#pragma once

namespace sextant {

/**
 * What lies beyond the ends of an axis: its last element, its mirror image (the last element twice), or a
 * given value. The order is contract with lib/border.ts.
 */
enum class Border : int { nearest, reflect, constant };

inline constexpr int kBorderCount = 3;

}  // namespace sextant
