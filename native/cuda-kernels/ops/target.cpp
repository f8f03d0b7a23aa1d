#include "ops/target.hpp"

#include "ops/cuda_presence.hpp"
#include "ops/operation_error.hpp"

namespace sextant {

Target best_cpu_target() {
#ifdef SEXTANT_X86
  // The names are psABI levels 3 and 4 spelt out, as the variants are compiled.
  static const Target best = [] {
    __builtin_cpu_init();
    const bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                    __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
    const bool v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                    __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                    __builtin_cpu_supports("avx512vl");
    return v4 ? Target::avx512 : v3 ? Target::avx2 : Target::baseline;
  }();
  return best;
#else
  return Target::baseline;
#endif
}

std::vector<Target> available_targets() {
  std::vector<Target> targets{Target::baseline};
  const Target best = best_cpu_target();
  if (best != Target::baseline) targets.push_back(Target::avx2);
  if (best == Target::avx512) targets.push_back(Target::avx512);
  targets.push_back(Target::emulated);
  if (cuda_presence().available) targets.push_back(Target::cuda);
  return targets;
}

const char* name_of(Target target) {
  switch (target) {
    case Target::baseline:
      return "baseline";
    case Target::avx2:
      return "avx2";
    case Target::avx512:
      return "avx512";
    case Target::emulated:
      return "emulated";
    default:
      return "cuda";
  }
}

Target target_named(const std::string& name) {
  std::string known;
  for (const Target target : available_targets()) {
    if (name == name_of(target)) return target;
    known += (known.empty() ? "" : ", ") + std::string(name_of(target));
  }
  throw OperationError("ARGUMENT_INVALID", "target", name, "one of " + known);
}

}  // namespace sextant
