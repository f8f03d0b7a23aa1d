#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

#include "ops/cancellation.hpp"
#include "ops/core_budget.hpp"
#include "ops/target.hpp"

namespace sextant {

/** Threads of the addon's own (libuv's pool is for files and zlib). */
class Pool {
 public:
  /** `name` is what tools show of the threads; at most 15 characters. */
  explicit Pool(int threads, const char* name = "sextant");
  /** Drops what has not begun, waits for what has. Never called on one of its own threads. */
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /** Adds what is missing to so many threads. */
  void grow(int threads);

  /** Names a task that waits for a thread. */
  using Ticket = std::uint64_t;

  Ticket submit(std::function<void()> task);
  /** Before the tasks of submit: parts of work that has begun. */
  void submit_first(std::function<void()> task);
  /** Takes a task back: true when it had not begun, and now never will. */
  bool withdraw(Ticket ticket);

 private:
  struct Task {
    Ticket ticket;
    std::function<void()> work;
  };

  void work();

  const char* const name_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  Ticket last_ticket_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

/** What a running operation is given. Without a pool everything runs on the calling thread. */
struct Run {
  const Cancellation& cancellation;
  Target target;
  Pool* pool = nullptr;
  CoreBudget* budget = nullptr;
  int threads = 1;
};

namespace parallel {
using Body = void (*)(void* closure, std::int64_t begin, std::int64_t end);
void run_tiles(const Run& run, std::int64_t count, std::int64_t grain, void* closure, Body body);
}  // namespace parallel

/**
 * Calls body(begin, end) over [0, count) in tiles of `grain` items. Tiles start at multiples of
 * `grain` whatever the number of threads, so a result kept per tile (index begin / grain) and joined
 * in order does not depend on it. Throws Cancelled between tiles, or the first exception of a tile.
 */
template <class F>
void parallel_for(std::int64_t count, std::int64_t grain, const Run& run, F&& body) {
  using Closure = std::remove_reference_t<F>;
  parallel::run_tiles(run, count, grain, const_cast<void*>(static_cast<const void*>(&body)),
                      [](void* closure, std::int64_t begin, std::int64_t end) {
                        (*static_cast<Closure*>(closure))(begin, end);
                      });
}

}  // namespace sextant
