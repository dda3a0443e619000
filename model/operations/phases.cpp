#include "model/operations/phases.h"

namespace atlas::operations {

const char* name(Phase phase) {
    constexpr const char* kNames[] = {"idle",       "running", "checkpoint",   "detecting",
                                      "restarting", "halted",  "outer barrier"};
    return kNames[static_cast<std::size_t>(phase)];
}

const char* name(Cause cause) {
    constexpr const char* kNames[] = {"class mismatch",   "static spread",     "jitter",    "slow GPU",
                                      "slow link",        "slow host",         "injection", "last stage",
                                      "sequence lengths", "garbage collection"};
    return kNames[static_cast<std::size_t>(cause)];
}

} // namespace atlas::operations
