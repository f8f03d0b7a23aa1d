#pragma once

#include <atomic>
#include <condition_variable>
#include <list>
#include <mutex>

#include "ops/cancellation.hpp"

namespace sextant {

/**
 * The counting semaphore over the machine's cores that operations and engine runs share. First come,
 * first served: a run that needs all cores is not starved by a stream of small ones. Never acquire
 * while holding: that is how semaphores deadlock.
 */
class CoreBudget {
 public:
  explicit CoreBudget(int cores);

  int cores() const { return cores_; }
  /** Another number of cores, at any time: what is held stays held, and counts. */
  void resize(int cores);
  /** Waits for `units` cores (at most all of them); throws Cancelled. Returns the units taken. */
  int acquire(int units, const Cancellation& cancellation);
  /** Takes one core if one is free and nobody waits. */
  bool try_acquire_one();
  void release(int units);

 private:
  std::atomic<int> cores_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int free_;  // below 0 after a resize to less than is held
  // One entry per waiting thread, in the order of arrival; the front one is served next.
  std::list<int> waiting_;
};

/** Cores held for a scope. */
class CoreLease {
 public:
  CoreLease(CoreBudget& budget, int units, const Cancellation& cancellation)
      : budget_(budget), units_(budget.acquire(units, cancellation)) {}
  ~CoreLease() { budget_.release(units_); }
  CoreLease(const CoreLease&) = delete;
  CoreLease& operator=(const CoreLease&) = delete;
  int units() const { return units_; }

 private:
  CoreBudget& budget_;
  int units_;
};

}  // namespace sextant
