// Time of one step of an inference engine: one token (or, speculating, several) for every sequence in the
// batch, and prompt tokens read beside them. Every term is the slower of arithmetic and memory, plus the
// communication that is not hidden.
#pragma once

#include "model/serving/link_time.h"

namespace atlas::serving {

/// Work of one step of the whole replica.
struct StepLoad {
    double sequences = 0;           ///< that write
    double context = 0;             ///< cached tokens each of them attends to, mean
    double tokensPerSequence = 1.0; ///< 1 + drafted tokens to verify
    double promptTokens = 0;        ///< read in this step, all groups together
    double promptDepth = 0;         ///< tokens before them that they attend to, mean
    double promptBusiest = 0;       ///< those of the group that reads most; 0: all groups read alike
};

/// Seconds of one step. The parts add up to total().
struct StepTime {
    double gemm = 0;          ///< dense matrices
    double experts = 0;       ///< routed experts
    double attention = 0;     ///< over the KV cache, and inside prompts
    double elementwise = 0;   ///< norms, rotary, casts, residuals
    double communication = 0; ///< exposed
    double overhead = 0;      ///< launches, scheduling
    [[nodiscard]] double total() const {
        return gemm + experts + attention + elementwise + communication + overhead;
    }
    [[nodiscard]] const char* largest() const; ///< "HBM bandwidth", ... in words for people
    bool gemmIsMemory = false, expertsAreMemory = false, attentionIsMemory = false;
};

/// Williams, Waterman, Patterson, "Roofline", CACM 2009, per group of operators, with a share of the shorter
/// of arithmetic and memory that does not hide behind the longer. Expert weights are read if any token of the
/// step chose them. Prompt tokens share the one read of the weights with the tokens that are written
/// (chunked prefill: Agrawal et al., "Sarathi-Serve", OSDI 2024). Groups meet in every layer with experts and
/// at every pipeline stage, so those without a prompt wait for the one that reads most.
[[nodiscard]] StepTime engineStep(const Replica& replica, const StepLoad& load);

/// Seconds of the whole replica for one new prompt token at mean depth `depth`, prompts alone keeping the
/// replica busy in steps of engine.prefillChunkTokens a group.
[[nodiscard]] double prefillSecondsPerToken(const Replica& replica, double depth);

} // namespace atlas::serving
