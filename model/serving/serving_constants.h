// What an inference engine reaches of a GPU's peaks: the few global constants of the serving model, each with
// a range and a source (resources/catalog/serving.yaml, compiled in).
#pragma once

#include "model/catalog/fact.h"
#include "model/units/quantity.h"

#include <functional>
#include <string_view>

namespace atlas::serving {

struct ServingConstants {
    catalog::Sourced hbmUsable;          ///< share of HBM
    catalog::Sourced workspaceBytes;     ///< a GPU
    catalog::Sourced gemmBf16;           ///< share of the dense peak
    catalog::Sourced gemmFp8;            ///< share of the dense peak
    catalog::Sourced gemmFp4;            ///< share of the dense peak
    catalog::Sourced expertGemm;         ///< factor on the three above
    catalog::Sourced attentionFlops;     ///< share of the dense bf16 peak
    catalog::Sourced hbmBandwidth;       ///< share
    catalog::Sourced nvlinkBandwidth;    ///< share
    catalog::Sourced nvlinkLatencyS;     ///< a collective
    catalog::Sourced nicLatencyS;        ///< a dispatch or combine
    catalog::Sourced overlap;            ///< share of communication hidden
    catalog::Sourced layerOverheadS;     ///< a layer and step
    catalog::Sourced stepOverheadS;      ///< a step
    catalog::Sourced elementwisePasses;  ///< hidden vectors read or written a layer and token
    catalog::Sourced prefillChunkTokens; ///< tokens that share one read of the weights
    catalog::Sourced expertImbalance;    ///< hottest over mean
    catalog::Sourced nodeLimit;          ///< nodes a token's experts lie on
    catalog::Sourced lengthVariation;    ///< standard deviation over mean of output lengths
    catalog::Sourced sloHeadroom;        ///< sustained over saturated rate
    catalog::Sourced maxReplicaGpus;     ///< of one expert-parallel replica
};

/// Calls `visit(key, constant)` in the order of the file. Monte Carlo and the assumptions page use it.
void visitConstants(ServingConstants& constants,
                    const std::function<void(std::string_view key, catalog::Sourced& constant)>& visit);

/// Reads the constants from YAML text. Errors: a key that is missing, unknown or twice, a value outside
/// [low, high].
[[nodiscard]] Result<ServingConstants> parseConstants(const std::string& yaml);

/// The constants that were compiled in.
[[nodiscard]] const ServingConstants& defaultConstants();

} // namespace atlas::serving
