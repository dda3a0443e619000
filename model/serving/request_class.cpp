#include "model/serving/request_class.h"

#include <algorithm>
#include <cmath>

namespace atlas::serving {

const char* name(Kind kind) {
    switch (kind) {
    case Kind::Chat:
        return "chat";
    case Kind::Agent:
        return "agent";
    case Kind::Batch:
        return "batch";
    }
    return "";
}

double RequestClass::context() const {
    return input.moment(1) + output.moment(2) / (2 * output.moment(1));
}

namespace {

/// Input and output share the window; an answer is short beside it.
Lengths lengths(const scenario::Sourced& mean, const scenario::Sourced& median, double window) {
    return Lengths::of(mean.value, median.value, window);
}

bool positive(double x) {
    return x > 0 && std::isfinite(x);
}

Diagnostics wrong(const scenario::ServeJob& job, Kind kind, const char* what, const char* remedy) {
    return failure("service '" + job.id + "', " + name(kind) + " requests: " + what, remedy);
}

} // namespace

Result<RequestClasses> requestClassesOf(const scenario::Traffic& t, const scenario::ServeJob& job) {
    RequestClasses all;
    const double window = t.contextWindow.value;
    const auto& chat = t.chat.lengths;
    all[0] = {t.chat.share.value,
              lengths(chat.inputTokens, chat.inputMedian, window),
              lengths(chat.outputTokens, chat.outputMedian, window),
              chat.cacheHit.value,
              t.chat.timeToFirstTokenS.value,
              t.chat.timePerOutputTokenS.value};
    all[1] = {t.agent.share.value,
              lengths(job.inputTokens, t.agent.inputMedian, window),
              lengths(job.outputTokens, t.agent.outputMedian, window),
              job.cacheHit.value,
              job.timeToFirstTokenS.value,
              job.timePerOutputTokenS.value};
    const auto& batch = t.batch.lengths;
    all[2] = {t.batch.share.value,
              lengths(batch.inputTokens, batch.inputMedian, window),
              lengths(batch.outputTokens, batch.outputMedian, window),
              batch.cacheHit.value,
              0,
              0};
    double sum = 0;
    for (std::size_t k = 0; k < kKinds; ++k) {
        const auto kind = static_cast<Kind>(k);
        const RequestClass& c = all[k];
        if (!(c.share >= 0) || !std::isfinite(c.share)) {
            return wrong(job, kind, "the share is not a number of 0 or more", "set traffic shares");
        }
        if (!positive(c.input.mean) || !positive(c.output.mean) || !(c.cacheHit >= 0 && c.cacheHit <= 1)) {
            return wrong(job, kind, "lengths that are not positive or a cache share outside 0 to 1",
                         "set input_tokens, output_tokens and cache_hit");
        }
        if (k < kInteractive && (!positive(c.firstTokenS) || !positive(c.tokenS))) {
            return wrong(job, kind, "a promise that is not positive",
                         "set time_to_first_token and time_per_output_token");
        }
        sum += c.share;
    }
    if (!(all[0].share + all[1].share > 0)) {
        return failure("service '" + job.id + "' has no interactive requests",
                       "set traffic.chat.share or traffic.agent.share above 0");
    }
    for (RequestClass& c : all) {
        c.share /= sum;
    }
    return all;
}

scenario::ServeJob meanJob(const scenario::ServeJob& job, const RequestClasses& classes) {
    scenario::ServeJob mean = job;
    double input = 0, output = 0, cached = 0;
    double first = HUGE_VAL, token = HUGE_VAL;
    for (std::size_t k = 0; k < kKinds; ++k) {
        const RequestClass& c = classes[k];
        input += c.share * c.input.moment(1);
        output += c.share * c.output.moment(1);
        cached += c.share * c.input.moment(1) * c.cacheHit;
        if (k < kInteractive && c.share > 0) {
            first = std::min(first, c.firstTokenS);
            token = std::min(token, c.tokenS);
        }
    }
    mean.inputTokens.value = input;
    mean.outputTokens.value = output;
    mean.cacheHit.value = cached / input;
    mean.timeToFirstTokenS.value = first;
    mean.timePerOutputTokenS.value = token;
    return mean;
}

} // namespace atlas::serving
