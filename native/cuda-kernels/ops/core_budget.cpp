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
  return wait_for(units, false, cancellation).units;
}

CoreBudget::Share CoreBudget::acquire_small(const Cancellation& cancellation) {
  return wait_for(1, true, cancellation);
}

CoreBudget::Share CoreBudget::wait_for(int units, bool small, const Cancellation& cancellation) {
  const CancellationListener wake(cancellation, [this] {
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
  });
  std::unique_lock lock(mutex_);
  const auto place = waiting_.insert(waiting_.end(), Waiter{small});
  Share share{1, false};
  changed_.wait(lock, [&] {
    if (cancellation.requested()) return true;
    // The budget may shrink while this waits.
    share = {std::clamp(units, 1, cores_.load()), false};
    if (place == waiting_.begin() && free_ >= share.units) return true;
    share = {0, true};
    return small && !beside_taken_ && is_first_small(place);
  });
  const bool cancelled = cancellation.requested();
  waiting_.erase(place);
  if (!cancelled) {
    free_ -= share.units;
    beside_taken_ = beside_taken_ || share.beside;
  }
  changed_.notify_all();
  lock.unlock();
  if (cancelled) throw Cancelled{};
  return share;
}

bool CoreBudget::is_first_small(std::list<Waiter>::iterator place) {
  return std::none_of(waiting_.begin(), place, [](const Waiter& before) { return before.small; });
}

bool CoreBudget::try_acquire_one() {
  const std::lock_guard lock(mutex_);
  if (free_ < 1 || !waiting_.empty()) return false;
  --free_;
  return true;
}

void CoreBudget::release(int units) { release(Share{units, false}); }

void CoreBudget::release(const Share& share) {
  const std::lock_guard lock(mutex_);
  free_ += share.units;
  if (share.beside) beside_taken_ = false;
  changed_.notify_all();
}

}  // namespace sextant
