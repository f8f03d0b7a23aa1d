// Philox4x32-10 (Salmon et al., SC 2011): random words as a function of a counter and a key, the same as
// lib/philox.ts gives.
#pragma once

#include <cmath>
#include <cstdint>

#include "ops/host_device.hpp"

namespace sextant {

struct PhiloxKey {
  std::uint32_t low;
  std::uint32_t high;
};

struct Words4 {
  std::uint32_t word[4];
};

}  // namespace sextant

namespace sextant::SEXTANT_VARIANT {

SEXTANT_HD Words4 philox4x32(Words4 counter, PhiloxKey key) {
  std::uint32_t c0 = counter.word[0], c1 = counter.word[1];
  std::uint32_t c2 = counter.word[2], c3 = counter.word[3];
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xd2511f53} * c0;
    const std::uint64_t b = std::uint64_t{0xcd9e8d57} * c2;
    const std::uint32_t next0 = static_cast<std::uint32_t>(b >> 32) ^ c1 ^ key.low;
    const std::uint32_t next2 = static_cast<std::uint32_t>(a >> 32) ^ c3 ^ key.high;
    c1 = static_cast<std::uint32_t>(b);
    c3 = static_cast<std::uint32_t>(a);
    c0 = next0;
    c2 = next2;
    key.low += 0x9e3779b9;
    key.high += 0xbb67ae85;
  }
  return {{c0, c1, c2, c3}};
}

/** Uniform in [0, 1): 24 bits, as RandomDraws.uniform has them. */
SEXTANT_HD double uniform_of(std::uint32_t word) {
  return static_cast<double>(word >> 8) / 16777216.0;
}

/** Of mean 0 and deviation 1, by Box and Muller: elements 2n and 2n + 1 share their words. */
SEXTANT_HD double normal_at(Words4 counter, PhiloxKey key, std::uint64_t element) {
  counter.word[0] = static_cast<std::uint32_t>(element >> 1);
  const Words4 words = philox4x32(counter, key);
  const double radius = sqrt(-2.0 * log(1.0 - uniform_of(words.word[0])));
  const double angle = 2.0 * 3.14159265358979323846 * uniform_of(words.word[1]);
  return radius * ((element & 1) == 0 ? cos(angle) : sin(angle));
}

}  // namespace sextant::SEXTANT_VARIANT
