#include "ops/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>

#include "ops/thread_name.hpp"

namespace sextant {

Pool::Pool(int threads, const char* name) : name_(name) { grow(std::max(1, threads)); }

void Pool::grow(int threads) {
  const std::lock_guard lock(mutex_);
  while (static_cast<int>(threads_.size()) < threads) {
    threads_.emplace_back([this] { work(); });
  }
}

Pool::~Pool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  for (auto& thread : threads_) thread.join();
}

Pool::Ticket Pool::submit(std::function<void()> task) {
  const std::lock_guard lock(mutex_);
  const Ticket ticket = ++last_ticket_;
  tasks_.push_back({ticket, std::move(task)});
  changed_.notify_one();
  return ticket;
}

void Pool::submit_first(std::function<void()> task) {
  const std::lock_guard lock(mutex_);
  tasks_.push_front({++last_ticket_, std::move(task)});
  changed_.notify_one();
}

bool Pool::withdraw(Ticket ticket) {
  // Destroyed after the lock is given up: what it holds may be anything.
  std::function<void()> withdrawn;
  const std::lock_guard lock(mutex_);
  const auto place = std::find_if(tasks_.begin(), tasks_.end(),
                                  [ticket](const Task& task) { return task.ticket == ticket; });
  if (place == tasks_.end()) return false;
  withdrawn = std::move(place->work);
  tasks_.erase(place);
  return true;
}

void Pool::work() {
  const ThreadName named(name_);
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
    if (stopping_) return;
    auto task = std::move(tasks_.front().work);
    tasks_.pop_front();
    lock.unlock();
    task();
    task = nullptr;
    lock.lock();
  }
}

namespace parallel {

namespace {

/** The tiles of one loop. Helpers that come too late find it closed and touch nothing of the caller. */
struct Tiles {
  Tiles(const Run& run, std::int64_t count_, std::int64_t grain_, void* closure_, Body body_)
      : count(count_),
        grain(grain_),
        closure(closure_),
        body(body_),
        cancellation(run.cancellation) {}

  const std::int64_t count, grain;
  void* const closure;
  const Body body;
  const Cancellation& cancellation;

  std::atomic<std::int64_t> next{0};
  std::atomic<bool> failed{false};
  std::mutex mutex;
  std::condition_variable left;
  int inside = 0;
  bool closed = false;
  std::exception_ptr failure;

  void run() {
    try {
      for (;;) {
        if (failed.load(std::memory_order_relaxed)) return;
        const std::int64_t begin = next.fetch_add(grain);
        if (begin >= count) return;
        cancellation.throw_if_requested();
        body(closure, begin, std::min(count, begin + grain));
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!failed.exchange(true)) failure = std::current_exception();
    }
  }

  void help(CoreBudget* budget) {
    {
      const std::lock_guard lock(mutex);
      if (closed) return;
      ++inside;
    }
    if (budget == nullptr || budget->try_acquire_one()) {
      run();
      if (budget != nullptr) budget->release(1);
    }
    const std::lock_guard lock(mutex);
    --inside;
    left.notify_all();
  }

  void close() {
    std::unique_lock lock(mutex);
    closed = true;
    left.wait(lock, [this] { return inside == 0; });
  }
};

}  // namespace

void run_tiles(const Run& run, std::int64_t count, std::int64_t grain, void* closure, Body body) {
  run.cancellation.throw_if_requested();
  if (count <= 0) return;
  grain = std::max<std::int64_t>(1, grain);
  const std::int64_t tiles = (count + grain - 1) / grain;
  const auto shared =
      std::make_shared<Tiles>(run, count, grain, closure, body);
  const std::int64_t helpers =
      run.pool == nullptr ? 0 : std::min<std::int64_t>(tiles, run.threads) - 1;
  for (std::int64_t i = 0; i < helpers; ++i) {
    run.pool->submit_first([shared, budget = run.budget] { shared->help(budget); });
  }
  shared->run();
  shared->close();
  if (shared->failure) std::rethrow_exception(shared->failure);
}

}  // namespace parallel

}  // namespace sextant
