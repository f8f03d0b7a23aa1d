#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <mutex>

namespace sextant {

/** Thrown on a pool thread when the caller has cancelled; becomes a SextantError CANCELLED. */
struct Cancelled {};

/** A flag that goes up once. Any thread may raise or read it. */
class Cancellation {
 public:
  bool requested() const { return flag_.load(std::memory_order_relaxed); }
  void throw_if_requested() const {
    if (requested()) throw Cancelled{};
  }
  /** Raises the flag and calls the listeners on this thread. */
  void request();

 private:
  friend class CancellationListener;
  std::atomic<bool> flag_{false};
  mutable std::mutex mutex_;
  mutable std::list<std::function<void()>> listeners_;
};

/**
 * Calls `reaction` when the cancellation is requested (at once when it already is), until the listener
 * is destroyed; destruction waits for a reaction that is running. The reaction must be short, must not
 * throw and must not touch the same Cancellation.
 */
class CancellationListener {
 public:
  CancellationListener(const Cancellation& cancellation, std::function<void()> reaction);
  ~CancellationListener();
  CancellationListener(const CancellationListener&) = delete;
  CancellationListener& operator=(const CancellationListener&) = delete;

 private:
  const Cancellation& cancellation_;
  std::list<std::function<void()>>::iterator place_;
};

}  // namespace sextant
