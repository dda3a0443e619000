// The inference engine of a serving job: how it batches, speculates and splits a replica.
#pragma once

#include "model/catalog/fact.h"

namespace atlas::scenario {

/// How a replica is split; zeros are chosen by the planner.
struct ServingLayout {
    int tp = 0, pp = 0, ep = 0;
    [[nodiscard]] bool chosen() const { return tp > 0 || pp > 0 || ep > 0; }
};

struct ServingEngine {
    bool prefixCaching = true; ///< off: cache_hit counts as 0
    /// Prompts are read in pieces beside the answers; off: answers wait meanwhile.
    bool chunkedPrefill = true;
    catalog::Sourced prefillChunkTokens{8192}; ///< tokens a group of GPUs reads in one step
    ServingLayout layout;
    catalog::Sourced maxReplicaGpus{144}; ///< widest replica the engine can drive
    bool fp8Projections = true;           ///< of latent attention in fp4 checkpoints; off: they stay in bf16
    bool balancedExperts = true;          ///< hot experts have copies, placed by measured load
    bool speculative = false;
    catalog::Sourced draftedTokens{1};     ///< tokens guessed ahead and verified together
    catalog::Sourced draftAcceptance{0.8}; ///< chance that a guessed token is right if those before it were
    catalog::Sourced draftCost{0.05};      ///< time of guessing one token, in decode steps of the model
};

} // namespace atlas::scenario
