#pragma once

#include <stdexcept>
#include <string>

namespace sextant {

/**
 * What C++ reports on purpose; it becomes a SextantError with these fields in TypeScript. `reason` is
 * one of packages/errors/reasons.ts.
 */
class OperationError : public std::runtime_error {
 public:
  OperationError(std::string reason_, std::string subject_, std::string got_, std::string expected_)
      : std::runtime_error(subject_ + ": expected " + expected_ + ", got " + got_),
        reason(std::move(reason_)),
        subject(std::move(subject_)),
        got(std::move(got_)),
        expected(std::move(expected_)) {}

  std::string reason;
  std::string subject;
  std::string got;
  std::string expected;
};

}  // namespace sextant
