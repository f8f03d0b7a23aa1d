#include "addon/job.hpp"

#include <utility>

#include "addon/environment.hpp"
#include "addon/errors.hpp"
#include "addon/handle.hpp"

namespace sextant {

namespace {

struct CancellationHandle {
  static constexpr napi_type_tag kTag{0x2d0b7c9e83f14a55ULL, 0x81d4e6a09c2b3f77ULL};
  std::shared_ptr<Cancellation> cancellation = std::make_shared<Cancellation>();
};

std::shared_ptr<Cancellation> cancellation_of(const Arguments& arguments) {
  if (!arguments.has("cancellation")) return std::make_shared<Cancellation>();
  return from_handle<CancellationHandle>(arguments.object().Get("cancellation"), "cancellation")
      ->cancellation;
}

std::unique_ptr<CoreLease> cores_for(Lane lane, Process& process, const Cancellation& cancellation) {
  return lane.cores == 0
             ? std::make_unique<CoreLease>(process.budget, cancellation)
             : std::make_unique<CoreLease>(process.budget, lane.cores, cancellation);
}

/** On a pool thread: everything that can go wrong ends in job.failure. */
void run(Job& job, Process& process, Lane lane, Target target, int threads) {
  try {
    const std::unique_ptr<CoreLease> lease = cores_for(lane, process, *job.cancellation);
    job.cancellation->throw_if_requested();
    Pool* pool = lane.engine ? nullptr : &process.operations;
    job.answer = job.work(Run{*job.cancellation, target, pool, &process.budget, threads});
  } catch (...) {
    job.failure = std::current_exception();
  }
  // What the work captured goes now, not when JavaScript gets round to it.
  job.work = nullptr;
  job.holds.clear();
}

}  // namespace

Napi::Value enqueue_job(Arguments& arguments, Lane lane, std::function<Answer(const Run&)> work) {
  const Napi::Env env = arguments.env();
  auto& environment = Environment::of(env);
  auto& process = *environment.process;
  const auto job = std::make_shared<Job>(env);
  job->cancellation = cancellation_of(arguments);
  job->holds = arguments.take_holds();
  job->work = std::move(work);
  environment.began(job);
  job->pool = lane.engine ? &process.engine : &process.operations;
  // `process` outlives the task: the environment that closes last joins the pool's threads.
  job->ticket = job->pool->submit([job, lane, &process, mailbox = environment.mailbox,
               target = environment.forced_target.value_or(best_cpu_target()),
               threads = environment.forced_threads.value_or(process.budget.cores())] {
    if (!mailbox->begin()) return;
    run(*job, process, lane, target, threads);
    mailbox->post(job);
  });
  return job->deferred.Promise();
}

void settle(Napi::Env env, Job& job) {
  const Napi::HandleScope scope(env);
  if (job.failure) {
    job.deferred.Reject(to_js_error(env, job.failure).Value());
    return;
  }
  try {
    job.deferred.Resolve(job.answer ? job.answer(env) : env.Undefined());
  } catch (const Napi::Error& error) {
    job.deferred.Reject(error.Value());
  } catch (...) {
    job.deferred.Reject(to_js_error(env, std::current_exception()).Value());
  }
}

void register_cancellation(Napi::Env env, Napi::Object exports) {
  exports.Set("createCancellation", Napi::Function::New(env, [](const Napi::CallbackInfo& info) {
                return Napi::Value(make_handle(info.Env(), std::make_shared<CancellationHandle>()));
              }));
  exports.Set("cancel", Napi::Function::New(env, [](const Napi::CallbackInfo& info) {
                return guarded(info.Env(), [&]() -> Napi::Value {
                  const auto& handle = from_handle<CancellationHandle>(info[0], "cancellation");
                  Environment::of(info.Env()).cancel(handle->cancellation);
                  return info.Env().Undefined();
                });
              }));
}

}  // namespace sextant
