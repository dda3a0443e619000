// libFuzzer target: any bytes as a scenario. The catalogue is read once.
#include "tests/fuzz/scenario_invariants.h"

#include <cstdint>
#include <cstdlib>

using namespace atlas;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const scenario::Catalogue catalogue = [] {
        auto loaded = scenario::loadCatalogue(ATLAS_SOURCE_RESOURCES);
        return loaded ? std::move(*loaded) : (std::abort(), scenario::Catalogue{});
    }();
    const std::string text(reinterpret_cast<const char*>(data), size);
    if (!fuzz::broken(scenario::parseScenario(text, "fuzz", catalogue)).empty()) {
        std::abort();
    }
    return 0;
}
