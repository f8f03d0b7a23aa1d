#include "ops/usable_cores.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <thread>

namespace sextant {

namespace {

/** The quota of one group in cores, or `most` where there is none ("max 100000", or no file). */
int cores_of_group(const std::string& folder, int most) {
  std::ifstream file(folder + "/cpu.max");
  double quota = 0, period = 0;
  if (!(file >> quota >> period) || quota <= 0 || period <= 0) return most;
  return static_cast<int>(std::clamp(std::ceil(quota / period), 1.0, static_cast<double>(most)));
}

/** The path in the one hierarchy of cgroup v2: the line "0::/path". */
std::string own_group(const std::string& root) {
  std::ifstream file(root + "/proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("0::/")) return line.substr(3);
  }
  return "/";
}

}  // namespace

int usable_cores(const std::string& root) {
  int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  for (std::string group = own_group(root); !group.empty();
       group.resize(group.find_last_of('/'))) {
    cores = std::min(cores, cores_of_group(root + "/sys/fs/cgroup" + group, cores));
  }
  // The root of what is seen here; inside a container that is the container's own group.
  return std::min(cores, cores_of_group(root + "/sys/fs/cgroup", cores));
}

}  // namespace sextant
