// The GPUs that published runs name, as pools.
#pragma once

#include "model/training/machine.h"

namespace atlas::validation {

/// A pool of `gpus` GPUs with the NVLink domain and the NIC of the reference system of that GPU. Fails for a
/// GPU that is not in resources/calibration/gpus.json, naming the nearest ids.
[[nodiscard]] Result<training::Pool> publishedPool(const std::string& gpu, std::int64_t gpus);

/// The network of a pool: NVLink domain, then one non-blocking scale-out level over the rest.
[[nodiscard]] std::vector<training::NetworkLevel> publishedLevels(const training::Pool& pool);

} // namespace atlas::validation
