// What one class of GPU serves: the best layout, its working point, and why it is no better.
#pragma once

#include "model/serving/service.h"
#include "model/serving/serving.h"

namespace atlas::serving {

/// The best layout of a service on a class: most output tokens a GPU of the whole pool. `reason` of the rate
/// says what bounds it, or why nothing can be served.
[[nodiscard]] ClassRate classRate(const training::Pool& pool, const Service& service);

} // namespace atlas::serving
