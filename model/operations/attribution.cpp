#include "model/operations/attribution.h"

namespace atlas::operations {

const char* name(Group group) {
    constexpr const char* kNames[] = {
        "culprit",  "tensor-parallel group", "context-parallel group", "expert-parallel group",
        "pipeline", "data-parallel group"};
    return kNames[static_cast<std::size_t>(group)];
}

} // namespace atlas::operations
