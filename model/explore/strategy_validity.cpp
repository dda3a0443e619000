#include "model/explore/strategy_validity.h"

#include "model/explore/training_course.h"

#include <algorithm>
#include <array>

namespace atlas::explore {

namespace {

using scenario::Activity;

constexpr std::array<std::string_view, 8> kTrainingRows = {
    "mfu",         "goodput",      "waiting_share",        "waiting_usd_per_month",
    "step_time_s", "train_months", "delivered_flop_per_s", "usd_per_exaflop_day"};
constexpr std::array<std::string_view, 4> kServingRows = {"serving_tokens_per_s", "serving_tokens_per_day",
                                                          "slo_attainment", "users_served"};

/// What is not there yet.
void add(validation::Validity& sum, const validation::Validity& more) {
    for (const validation::Excess& excess : more.excesses) {
        if (std::ranges::find(sum.excesses, excess.words, &validation::Excess::words) == sum.excesses.end()) {
            sum.excesses.push_back(excess);
        }
    }
}

} // namespace

const validation::Validity& StrategyValidity::of(std::string_view key) const {
    static const validation::Validity inside;
    if (std::ranges::find(kTrainingRows, key) != kTrainingRows.end()) {
        return training;
    }
    return std::ranges::find(kServingRows, key) != kServingRows.end() ? serving : inside;
}

std::string StrategyValidity::words() const {
    std::string all = training.inside() ? std::string() : "training: " + training.allWords();
    if (!serving.inside()) {
        all += (all.empty() ? "" : "; ") + ("serving: " + serving.allWords());
    }
    return all;
}

StrategyValidity validityOf(const scenario::Scenario& scenario, const scenario::Strategy& strategy,
                            const TrainingCourse* main) {
    StrategyValidity validity;
    if (main != nullptr) {
        validity.training =
            validation::assessTraining(scenario, *scenario.cluster(main->assignment->cluster), *main->job,
                                       main->assignment->placement, main->telling().from);
    }
    for (const scenario::Assignment& assignment : strategy.assignments) {
        if (assignment.activity == Activity::Serve || assignment.activity == Activity::Lease) {
            add(validity.serving, validityOf(scenario, strategy, assignment));
        }
    }
    return validity;
}

validation::Validity validityOf(const scenario::Scenario& scenario, const scenario::Strategy& strategy,
                                const scenario::Assignment& assignment) {
    const scenario::Cluster* cluster = scenario.cluster(assignment.cluster);
    const Span span = spanOf(scenario, strategy, assignment);
    if (cluster == nullptr || span.until <= span.from) {
        return {};
    }
    const scenario::Month last{span.until.index - 1};
    if (assignment.activity == Activity::Train) {
        const scenario::TrainJob* job = scenario.trainJob(assignment.job);
        return job == nullptr
                   ? validation::Validity()
                   : validation::assessTraining(scenario, *cluster, *job, assignment.placement, last);
    }
    const scenario::ServeJob* job = scenario.serveJob(assignment.job);
    return job == nullptr || assignment.activity == Activity::Idle
               ? validation::Validity()
               : validation::assessServing(scenario, *cluster, *job, last);
}

} // namespace atlas::explore
