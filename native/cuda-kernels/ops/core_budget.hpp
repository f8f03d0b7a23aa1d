#pragma once

#include <atomic>
#include <condition_variable>
#include <list>
#include <mutex>

#include "ops/cancellation.hpp"

namespace sextant {

/**
 * The counting semaphore over the machine's cores that operations and engine runs share. First come,
 * first served: a run that needs all cores is not starved by a stream of small ones. One operation at a
 * time may run beside what the budget has given out: it takes milliseconds, and would wait seconds for
 * networks that take all cores one after another. Never acquire while holding: that is how semaphores
 * deadlock.
 */
class CoreBudget {
 public:
  explicit CoreBudget(int cores);

  /** What was taken: so many cores, or none of them and the place beside. */
  struct Share {
    int units;
    bool beside;
  };

  int cores() const { return cores_; }
  /** Another number of cores, at any time: what is held stays held, and counts. */
  void resize(int cores);
  /** Waits for `units` cores (at most all of them); throws Cancelled. Returns the units taken. */
  int acquire(int units, const Cancellation& cancellation);
  /** Waits for one core, or for the place beside; throws Cancelled. */
  Share acquire_small(const Cancellation& cancellation);
  /** Takes one core if one is free and nobody waits. */
  bool try_acquire_one();
  void release(int units);
  void release(const Share& share);

 private:
  struct Waiter {
    bool small;
  };

  Share wait_for(int units, bool small, const Cancellation& cancellation);
  bool is_first_small(std::list<Waiter>::iterator place);

  std::atomic<int> cores_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int free_;  // below 0 after a resize to less than is held
  bool beside_taken_ = false;
  // One entry per waiting thread, in the order of arrival; the front one is served next.
  std::list<Waiter> waiting_;
};

/** Cores held for a scope. */
class CoreLease {
 public:
  CoreLease(CoreBudget& budget, int units, const Cancellation& cancellation)
      : budget_(budget), share_{budget.acquire(units, cancellation), false} {}
  /** For an operation: one core, or the place beside. */
  CoreLease(CoreBudget& budget, const Cancellation& cancellation)
      : budget_(budget), share_(budget.acquire_small(cancellation)) {}
  ~CoreLease() { budget_.release(share_); }
  CoreLease(const CoreLease&) = delete;
  CoreLease& operator=(const CoreLease&) = delete;
  int units() const { return share_.units; }

 private:
  CoreBudget& budget_;
  CoreBudget::Share share_;
};

}  // namespace sextant
