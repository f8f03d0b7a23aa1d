#include "ops/usable_cores.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

using sextant::usable_cores;
namespace fs = std::filesystem;

namespace {

/** A file system in a folder, as far as control groups go. */
struct Root {
  fs::path path = fs::temp_directory_path() / "sextant-usable-cores";
  Root() { fs::remove_all(path); }
  ~Root() { fs::remove_all(path); }
  void write(const char* name, const char* text) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name) << text;
  }
};

}  // namespace

TEST_CASE("usable cores respect the quota of the control group and of those above") {
  const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  const Root root;
  REQUIRE_EQ(usable_cores(root.path), cores);
  root.write("sys/fs/cgroup/cpu.max", "max 100000\n");
  REQUIRE_EQ(usable_cores(root.path), cores);
  root.write("sys/fs/cgroup/cpu.max", "50000 100000\n");
  REQUIRE_EQ(usable_cores(root.path), 1);
  root.write("sys/fs/cgroup/cpu.max", "110000 100000\n");
  REQUIRE_EQ(usable_cores(root.path), std::min(cores, 2));
  root.write("proc/self/cgroup", "1:name=systemd:/other\n0::/a/b\n");
  root.write("sys/fs/cgroup/a/cpu.max", "100000 100000\n");
  root.write("sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
  REQUIRE_EQ(usable_cores(root.path), 1);
}
