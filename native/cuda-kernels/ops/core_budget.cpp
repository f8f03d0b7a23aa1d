#include "ops/core_budget.hpp"

#include <algorithm>

namespace sextant {

CoreBudget::CoreBudget(int cores) : cores_(std::max(1, cores)), free_(cores_) {}

void CoreBudget::resize(int cores) {
  const std::lock_guard lock(mutex_);
  const int wanted = std::max(1, cores);
  free_ += wanted - cores_;
  cores_ = wanted;
  changed_.notify_all();
}

int CoreBudget::acquire(int units, const Cancellation& cancellation) {
  const CancellationListener wake(cancellation, [this] {
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
  });
  std::unique_lock lock(mutex_);
  const auto place = waiting_.insert(waiting_.end(), units);
  int wanted = 1;
  changed_.wait(lock, [&] {
    // The budget may shrink while this waits.
    wanted = std::clamp(units, 1, cores_.load());
    return cancellation.requested() || (place == waiting_.begin() && free_ >= wanted);
  });
  const bool cancelled = cancellation.requested();
  waiting_.erase(place);
  if (!cancelled) free_ -= wanted;
  changed_.notify_all();
  lock.unlock();
  if (cancelled) throw Cancelled{};
  return wanted;
}

bool CoreBudget::try_acquire_one() {
  const std::lock_guard lock(mutex_);
  if (free_ < 1 || !waiting_.empty()) return false;
  --free_;
  return true;
}

void CoreBudget::release(int units) {
  const std::lock_guard lock(mutex_);
  free_ += units;
  changed_.notify_all();
}

}  // namespace sextant
