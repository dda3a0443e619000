// Work that a job does not share out evenly: what makes whole stages and whole replicas late, though no GPU
// is slow. A tuned run has none of it: the layers are cut so that the last stage keeps pace, sequences are
// packed to equal length and dealt by their cost, and collections of garbage are planned. So the values are
// 0 unless a scenario says otherwise; resources/validation/straggler_study.yaml says what untuned jobs have.
#pragma once

#include "model/catalog/fact.h"

namespace atlas::scenario {

struct Imbalance {
    /// The last pipeline stage (logits and loss) computes longer than the others by this share, beyond what
    /// the plan already prices. No effect without a pipeline.
    catalog::Sourced lastStage;
    /// Standard deviation of the compute time of one micro-batch over micro-batches, relative: attention over
    /// long sequences costs more than over as many tokens in short ones.
    catalog::Sourced sequences;
    catalog::Sourced pauseS;     ///< one unplanned collection of garbage holds a process up for so long
    catalog::Sourced pauseEvery; ///< steps between two collections of one process
};

} // namespace atlas::scenario
