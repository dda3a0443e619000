// The catalogue: the record and the hardware and models built on it, ready to start scenarios from.
#pragma once

#include "model/scenario/scenario.h"

namespace atlas::scenario {

/// Read once, used for every scenario that is loaded.
struct Catalogue {
    std::shared_ptr<const catalog::FactBook> facts;
    std::vector<GpuClass> gpus;
    std::vector<RackType> racks;
    std::vector<FabricType> fabrics;
    std::vector<Transformer> models;
};

/// Reads `resourcesFolder`/catalog: facts/*.yaml, gpus.yaml, racks.yaml, fabrics.yaml, models.yaml.
[[nodiscard]] Result<Catalogue> loadCatalogue(const std::string& resourcesFolder);

} // namespace atlas::scenario
