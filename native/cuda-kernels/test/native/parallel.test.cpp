#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "ops/parallel.hpp"

using namespace sextant;

TEST_CASE("parallel_for visits every item once, for any number of threads and grain") {
  CoreBudget budget(4);
  Pool pool(4);
  const Cancellation cancellation;
  for (const int threads : {1, 2, 4}) {
    for (const std::int64_t count : {0, 1, 31, 32, 33, 1000}) {
      for (const std::int64_t grain : {1, 7, 32, 5000}) {
        std::vector<std::atomic<int>> visits(static_cast<std::size_t>(count));
        const Run run{cancellation, Target::baseline, &pool, &budget, threads};
        parallel_for(count, grain, run, [&](std::int64_t begin, std::int64_t end) {
          CHECK_EQ(begin % grain, 0);
          for (auto n = begin; n < end; ++n) ++visits[static_cast<std::size_t>(n)];
        });
        for (const auto& visit : visits) CHECK_EQ(visit.load(), 1);
      }
    }
  }
}

TEST_CASE("parallel_for throws what a tile throws, and stops") {
  CoreBudget budget(4);
  Pool pool(4);
  const Cancellation cancellation;
  const Run run{cancellation, Target::baseline, &pool, &budget, 4};
  std::atomic<int> tiles{0};
  const auto work = [&](std::int64_t, std::int64_t) {
    if (++tiles == 10) throw std::runtime_error("tile");
  };
  CHECK_THROWS_AS(parallel_for(1000000, 1, run, work), std::runtime_error);
  CHECK_LT(tiles.load(), 1000000);
}

TEST_CASE("parallel_for throws Cancelled between tiles") {
  Pool pool(2);
  CoreBudget budget(2);
  Cancellation cancellation;
  const Run run{cancellation, Target::baseline, &pool, &budget, 2};
  std::atomic<int> tiles{0};
  const auto work = [&](std::int64_t, std::int64_t) {
    if (++tiles == 5) cancellation.request();
  };
  CHECK_THROWS_AS(parallel_for(1000, 1, run, work), Cancelled);
  CHECK_LE(tiles.load(), 7);
}

TEST_CASE("a loop inside a loop on the same pool ends") {
  Pool pool(2);
  CoreBudget budget(2);
  const Cancellation cancellation;
  const Run run{cancellation, Target::baseline, &pool, &budget, 2};
  std::atomic<int> items{0};
  parallel_for(8, 1, run, [&](std::int64_t, std::int64_t) {
    parallel_for(8, 1, run, [&](std::int64_t, std::int64_t) { ++items; });
  });
  CHECK_EQ(items.load(), 64);
}

TEST_CASE("the core budget is never exceeded and serves in order of arrival") {
  CoreBudget budget(3);
  const Cancellation cancellation;
  std::atomic<int> used{0}, most{0};
  std::vector<std::thread> threads;
  for (int n = 0; n < 12; ++n) {
    threads.emplace_back([&, n] {
      for (int round = 0; round < 50; ++round) {
        const CoreLease lease(budget, 1 + n % 4, cancellation);
        const int now = used += lease.units();
        int seen = most.load();
        while (now > seen && !most.compare_exchange_weak(seen, now)) {
        }
        std::this_thread::yield();
        used -= lease.units();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK_LE(most.load(), 3);
  CHECK(budget.try_acquire_one());
  budget.release(1);
}

TEST_CASE("who waits for cores is woken by a cancellation, and gives up the place") {
  CoreBudget budget(2);
  const Cancellation none;
  budget.acquire(2, none);
  Cancellation cancellation;
  std::atomic<bool> cancelled{false};
  std::thread waiter([&] {
    try {
      budget.acquire(2, cancellation);
    } catch (const Cancelled&) {
      cancelled = true;
    }
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK_FALSE(budget.try_acquire_one());
  cancellation.request();
  waiter.join();
  CHECK(cancelled);
  budget.release(2);
  CHECK(budget.try_acquire_one());
  CHECK(budget.try_acquire_one());
}

TEST_CASE("a listener hears one request, also one that came before it") {
  Cancellation cancellation;
  int heard = 0;
  {
    const CancellationListener gone(cancellation, [&] { heard += 100; });
  }
  const CancellationListener early(cancellation, [&] { ++heard; });
  cancellation.request();
  cancellation.request();
  CHECK_EQ(heard, 1);
  const CancellationListener late(cancellation, [&] { ++heard; });
  CHECK_EQ(heard, 2);
}

TEST_CASE("a budget that shrinks serves who waits for more than is left of it") {
  CoreBudget budget(4);
  const Cancellation cancellation;
  REQUIRE_EQ(budget.acquire(3, cancellation), 3);
  std::atomic<int> taken{0};
  std::thread waiter([&] { taken = budget.acquire(4, cancellation); });
  budget.resize(1);
  CHECK_EQ(budget.cores(), 1);
  CHECK_FALSE(budget.try_acquire_one());
  budget.release(3);
  waiter.join();
  CHECK_EQ(taken.load(), 1);
  budget.release(1);
  budget.resize(2);
  CHECK_EQ(budget.acquire(9, cancellation), 2);
  budget.release(2);
}

TEST_CASE("a task that is withdrawn before a thread takes it up never runs, and lets go at once") {
  Pool pool(1);
  std::atomic<bool> release{false}, ran{false};
  std::atomic<int> done{0};
  pool.submit([&] {
    while (!release) std::this_thread::yield();
    ++done;
  });
  const auto held = std::make_shared<int>(7);
  const Pool::Ticket ticket = pool.submit([&, held] { ran = true; });
  pool.submit([&] { ++done; });
  CHECK_EQ(held.use_count(), 2);
  CHECK(pool.withdraw(ticket));
  CHECK_EQ(held.use_count(), 1);
  CHECK_FALSE(pool.withdraw(ticket));
  release = true;
  while (done < 2) std::this_thread::yield();
  CHECK_FALSE(ran);
}

TEST_CASE("one operation at a time runs beside networks that take all cores") {
  CoreBudget budget(2);
  const Cancellation cancellation;
  REQUIRE_EQ(budget.acquire(2, cancellation), 2);
  std::atomic<bool> second_network{false}, second_operation{false};
  std::thread network([&] {
    const CoreLease lease(budget, 2, cancellation);
    second_network = true;
  });
  auto first = std::make_unique<CoreLease>(budget, cancellation);
  CHECK_EQ(first->units(), 0);
  CHECK_FALSE(budget.try_acquire_one());
  std::thread operation([&] {
    const CoreLease lease(budget, cancellation);
    second_operation = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK_FALSE(second_network);
  CHECK_FALSE(second_operation);
  first.reset();
  operation.join();
  CHECK_FALSE(second_network);
  budget.release(2);
  network.join();
  CHECK(second_network);
  // Without a network an operation's core is one of the budget's.
  const CoreLease alone(budget, cancellation);
  CHECK_EQ(alone.units(), 1);
}
