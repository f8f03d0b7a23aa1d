#pragma once

#include <string>

namespace sextant {

/**
 * How many cores this process may use: those that it may be scheduled on, and no more than the CPU
 * quota of its control group (cgroup v2, `cpu.max`) or of one above it, rounded up. A container with a
 * quota of two cores on a machine of 64 would otherwise start 64 threads that take turns on two.
 * `root` stands before the paths of the file system that are read.
 */
int usable_cores(const std::string& root = "");

}  // namespace sextant
