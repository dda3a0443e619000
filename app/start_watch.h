// Times and memory of the start, for --timings and the benchmark that reads them.
#pragma once

namespace atlas::app {

/// Milliseconds since the process was started by the system (loading of libraries included); since the first
/// call where the system does not tell.
[[nodiscard]] double sinceProcessStartMs();
/// Most resident memory the process has used so far, MB (1e6 B); 0 where the system does not tell.
[[nodiscard]] double peakResidentMb();
/// Resident memory now, MB (1e6 B); 0 where the system does not tell.
[[nodiscard]] double residentMb();

} // namespace atlas::app
