// What an inference engine reaches of a GPU's peaks: the few global constants of the serving model, each with
// a range and a source (resources/calibration/serving.yaml, compiled in).
#pragma once

#include "model/catalog/fact.h"
#include "model/units/quantity.h"

#include <functional>
#include <string_view>

namespace atlas::serving {

struct ServingConstants {
    catalog::Sourced hbmUsable;         ///< share of HBM
    catalog::Sourced workspaceBytes;    ///< a GPU
    catalog::Sourced gemmRate;          ///< over the rate the training model was fitted to
    catalog::Sourced gemmFp4;           ///< the same in fp4, whose weights are cast beforehand
    catalog::Sourced expertGemm;        ///< grouped products over dense ones
    catalog::Sourced ultraFp4;          ///< rate of fp4 products on Blackwell Ultra over Blackwell
    catalog::Sourced ultraAttention;    ///< rate of attention kernels on Blackwell Ultra over Blackwell
    catalog::Sourced attentionRate;     ///< over the rate the training model was fitted to
    catalog::Sourced hbmBandwidth;      ///< share
    catalog::Sourced memoryHidden;      ///< share of the shorter of arithmetic and memory that hides
    catalog::Sourced kvReads;           ///< times a step reads the cache
    catalog::Sourced nvlinkBandwidth;   ///< share
    catalog::Sourced nvlinkLatencyS;    ///< a collective
    catalog::Sourced exchangeLatencyS;  ///< a dispatch or combine inside the NVLink domain
    catalog::Sourced nicLatencyS;       ///< a dispatch, combine or reduction across nodes
    catalog::Sourced reduceHidden;      ///< share of tensor-parallel reductions hidden behind compute
    catalog::Sourced exchangeHidden;    ///< share of the exchange with experts hidden behind compute
    catalog::Sourced layerOverheadS;    ///< a layer and step
    catalog::Sourced stepOverheadS;     ///< a step
    catalog::Sourced elementwisePasses; ///< hidden vectors read or written a layer and token
    catalog::Sourced expertSpread;      ///< standard deviation over mean of the load of an expert
    catalog::Sourced expertSpreadRaw;   ///< the same where no copies of hot experts balance it
    catalog::Sourced nodeLimit;         ///< nodes a token's experts lie on
    catalog::Sourced lengthVariation;   ///< standard deviation over mean of output lengths
    catalog::Sourced promptVariation;   ///< standard deviation over mean of new prompt tokens
    catalog::Sourced benchmarkPromptVariation; ///< the same of a benchmark's data set
    catalog::Sourced tokenP99;                 ///< time per token: 99th percentile over mean
    catalog::Sourced gemm2023;                 ///< rate of large products in the software of 2023
    catalog::Sourced kvReads2023;              ///< times the kernels of 2023 read the cache
    catalog::Sourced sloHeadroom;              ///< sustained over saturated rate
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
