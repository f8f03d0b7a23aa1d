#pragma once

#include <memory>

#include "ops/core_budget.hpp"
#include "ops/parallel.hpp"

namespace sextant {

/**
 * The threads and the core budget, shared by all environments (main thread and workers) of the
 * process: two environments with a budget each would use every core twice. The last environment to
 * close joins the threads, so none runs in a library that has been unloaded.
 */
struct Process {
  CoreBudget budget;
  Pool operations;
  Pool engine;
  /** Gives large blocks back to the system, which takes it a millisecond for each 20 MB. */
  Pool freeing;

  /** Made with usable_cores(). */
  static std::shared_ptr<Process> shared();

  /** How many cores operations and networks use together from now on. */
  void use_cores(int cores);

 private:
  explicit Process(int cores);
};

}  // namespace sextant
