#include "model/training/machine.h"

namespace atlas::training {

std::int64_t Machine::gpus() const {
    std::int64_t sum = 0;
    for (const Pool& pool : pools) {
        sum += pool.gpus;
    }
    return sum;
}

} // namespace atlas::training
