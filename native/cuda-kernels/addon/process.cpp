#include "addon/process.hpp"

#include <mutex>

#include "ops/usable_cores.hpp"

namespace sextant {

namespace {
// Engine runs block their thread for seconds, so they have threads of their own; how many of them
// compute at once is the budget's decision, this is only how many may wait for it or for a GPU.
constexpr int kEngineThreads = 4;
}  // namespace

std::shared_ptr<Process> Process::shared() {
  // The one static: a weak reference, so that it owns nothing and an exit has nothing to tear down.
  static std::mutex mutex;
  static std::weak_ptr<Process> current;
  const std::lock_guard lock(mutex);
  auto process = current.lock();
  if (process == nullptr) {
    process = std::shared_ptr<Process>(new Process(usable_cores()));
    current = process;
  }
  return process;
}

Process::Process(int cores) : budget(cores), operations(cores, "sextant-ops"), engine(kEngineThreads, "sextant-engine"),
      freeing(1, "sextant-free") {}

void Process::use_cores(int cores) {
  operations.grow(cores);
  budget.resize(cores);
}

}  // namespace sextant
