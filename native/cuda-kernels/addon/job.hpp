#pragma once

#include <napi.h>

#include <exception>
#include <functional>
#include <memory>
#include <type_traits>
#include <vector>

#include "addon/arguments.hpp"
#include "ops/parallel.hpp"
#include "tensor/storage.hpp"

namespace sextant {

/** Makes the promise's value, on the JavaScript thread. Empty: undefined. */
using Answer = std::function<Napi::Value(Napi::Env)>;

/** One operation on its way: made on the JavaScript thread, run on a pool, settled on the former. */
struct Job {
  explicit Job(Napi::Env env) : deferred(Napi::Promise::Deferred::New(env)) {}

  Napi::Promise::Deferred deferred;
  std::shared_ptr<Cancellation> cancellation;
  // Where it waits for a thread, until it has begun.
  Pool* pool = nullptr;
  Pool::Ticket ticket = 0;
  std::vector<std::shared_ptr<Storage>> holds;
  std::function<Answer(const Run&)> work;
  Answer answer;
  std::exception_ptr failure;
};

/** Which threads a job runs on, and how many cores of the budget it takes while it runs; 0: an operation's share. */
struct Lane {
  bool engine = false;
  int cores = 0;
};

/** Resolves or rejects the promise. Called by the environment. */
void settle(Napi::Env env, Job& job);

/** The untyped half of enqueue. */
Napi::Value enqueue_job(Arguments& arguments, Lane lane, std::function<Answer(const Run&)> work);

/**
 * Runs `work(const Run&)` off the JavaScript thread and returns the promise. `work` holds plain copies
 * (the memory of the tensors read from `arguments` is held for it) and uses no N-API; it returns
 * nothing, or an Answer, which makes the value afterwards.
 *
 * `arguments.object().cancellation`, when there, is a handle of createCancellation(). Cancelled before
 * it has a thread, the job is never run and its promise rejects at once; later, at the work's next check.
 */
template <class Work>
Napi::Value enqueue(Arguments& arguments, Lane lane, Work work) {
  if constexpr (std::is_void_v<std::invoke_result_t<Work, const Run&>>) {
    return enqueue_job(arguments, lane, [work = std::move(work)](const Run& run) -> Answer {
      work(run);
      return nullptr;
    });
  } else {
    return enqueue_job(arguments, lane, std::move(work));
  }
}

template <class Work>
Napi::Value enqueue(Arguments& arguments, Work work) {
  return enqueue(arguments, Lane{}, std::move(work));
}

/** createCancellation(), cancel(handle) */
void register_cancellation(Napi::Env env, Napi::Object exports);

}  // namespace sextant
