#pragma once

#include <napi.h>

#include <memory>
#include <string>
#include <vector>

#include "ops/border.hpp"
#include "tensor/storage.hpp"
#include "tensor/tensor_view.hpp"

namespace sextant {

/**
 * Reads the one object that an operation is called with, and holds the memory of the tensors in it:
 * enqueue() hands those references to the job, so disposing a tensor meanwhile does no harm.
 * TypeScript has checked everything and names what is wrong; here a mistake is an ARGUMENT_INVALID
 * with the member's name, never a crash.
 */
class Arguments {
 public:
  explicit Arguments(const Napi::CallbackInfo& info);

  Napi::Env env() const { return object_.Env(); }
  /** A tensor of `rank` axes (any when negative), its elements all inside its memory. */
  TensorView tensor(const char* name, int rank = -1);
  double number(const char* name) const;
  std::int64_t integer(const char* name) const;
  bool flag(const char* name) const;
  std::string text(const char* name) const;
  /** `count` numbers, or any count when negative. Arrays and Float64Arrays. */
  std::vector<double> numbers(const char* name, int count = -1) const;
  Border border(const char* name) const;
  bool has(const char* name) const;
  /** For what is not in the list above (nested objects). */
  Napi::Object object() const { return object_; }
  /** A tensor that is not a direct member. `subject` names it in errors. */
  TensorView tensor_of(const Napi::Value& value, const char* subject, int rank = -1);

  std::vector<std::shared_ptr<Storage>> take_holds() { return std::move(holds_); }

 private:
  Napi::Value member(const char* name) const;

  Napi::Object object_;
  std::vector<std::shared_ptr<Storage>> holds_;
};

}  // namespace sextant
