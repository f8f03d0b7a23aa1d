#pragma once

#include <string>
#include <vector>

namespace sextant {

/** Which compilation of an operation runs. */
enum class Target { baseline, avx2, avx512, emulated, cuda };

/** The widest CPU variant that this build has and this machine can run. */
Target best_cpu_target();

/** Everything this build has and this machine can run, narrowest first. */
std::vector<Target> available_targets();

const char* name_of(Target target);

/** Throws OperationError for a name that is not among the available targets. */
Target target_named(const std::string& name);

}  // namespace sextant

// SEXTANT_TARGETS(declaration) declares one function in the namespace of every target;
// SEXTANT_PICK(target, name) is the one that `target` asks for. An operation whose CUDA threads
// cooperate has nothing to run on the emulated grid and uses the _COOPERATING forms: there its best CPU
// variant stands in, as it does for a cuda target in a build without CUDA.
#ifdef SEXTANT_X86
#define SEXTANT_TARGETS_CPU(declaration) \
  namespace baseline {                   \
  declaration;                           \
  }                                      \
  namespace avx2 {                       \
  declaration;                           \
  }                                      \
  namespace avx512 {                     \
  declaration;                           \
  }
#define SEXTANT_PICK_CPU_EXACT(target, name)                         \
  ((target) == ::sextant::Target::avx512   ? avx512::name            \
   : (target) == ::sextant::Target::avx2 ? avx2::name : baseline::name)
#else
#define SEXTANT_TARGETS_CPU(declaration) \
  namespace baseline {                   \
  declaration;                           \
  }
#define SEXTANT_PICK_CPU_EXACT(target, name) (&baseline::name)
#endif

#define SEXTANT_PICK_CPU(target, name)                                                       \
  SEXTANT_PICK_CPU_EXACT(                                                                    \
      ((target) == ::sextant::Target::emulated || (target) == ::sextant::Target::cuda)       \
          ? ::sextant::best_cpu_target()                                                     \
          : (target),                                                                        \
      name)

#define SEXTANT_TARGETS(declaration) \
  SEXTANT_TARGETS_CPU(declaration)   \
  namespace emulated {               \
  declaration;                       \
  }                                  \
  namespace cuda {                   \
  declaration;                       \
  }

#ifdef SEXTANT_WITH_CUDA
#define SEXTANT_PICK(target, name)                                    \
  ((target) == ::sextant::Target::cuda       ? cuda::name             \
   : (target) == ::sextant::Target::emulated ? emulated::name         \
                                             : SEXTANT_PICK_CPU_EXACT(target, name))
#else
#define SEXTANT_PICK(target, name)                      \
  ((target) == ::sextant::Target::emulated ? emulated::name \
                                           : SEXTANT_PICK_CPU_EXACT(target, name))
#endif

#define SEXTANT_TARGETS_COOPERATING(declaration) \
  SEXTANT_TARGETS_CPU(declaration)               \
  namespace cuda {                               \
  declaration;                                   \
  }

#ifdef SEXTANT_WITH_CUDA
#define SEXTANT_PICK_COOPERATING(target, name) \
  ((target) == ::sextant::Target::cuda ? cuda::name : SEXTANT_PICK_CPU(target, name))
#else
#define SEXTANT_PICK_COOPERATING(target, name) SEXTANT_PICK_CPU(target, name)
#endif
