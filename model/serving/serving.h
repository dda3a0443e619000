// Inference: what each class of GPU serves. Replicas run independently, so a mix does no harm.
#pragma once

#include "model/training/machine.h"

#include <string>
#include <vector>

namespace atlas::serving {

struct ClassRate {
    std::string gpu;
    std::string pool;
    std::int64_t count = 0;
    int replicaGpus = 0; ///< tensor/expert parallel inside a replica; 0: the model does not fit
    std::string reason;  ///< why it does not fit or what bounds it ("HBM bandwidth in decode")
    int batchPerReplica = 0;
    double prefillTokensPerSPerGpu = 0; ///< of a GPU doing only prefill
    double decodeTokensPerSPerGpu = 0;  ///< of a GPU doing only decode, at the SLO's time per token
    double outputTokensPerSPerGpu = 0;  ///< with the request mix, prefill and decode sharing the GPU
    double prefillShare = 0;            ///< share of the GPU's time in prefill
};

struct ServingRate {
    double outputTokensPerS = 0; ///< at full load
    double inputTokensPerS = 0;
    double meanUtilisation = 0; ///< over the day at peak-provisioned demand
    double usersServed = 0;
    double sloAttainment = 0;
    std::vector<ClassRate> classes;
    std::vector<std::string> notes;
};

[[nodiscard]] Result<ServingRate> servingRate(const training::Machine& machine,
                                              const scenario::Transformer& model,
                                              const scenario::ServeJob& job);

} // namespace atlas::serving
