#include "model/explore/training_course.h"

#include "model/finance/contract.h"
#include "model/operations/outlook.h"
#include "model/orbit/flown_site.h"

#include <algorithm>

namespace atlas::explore {

namespace {

constexpr double kSecondsPerMonth = finance::kHoursPerMonth * 3600.0;

double aliveShare(const scenario::Scenario& s, const scenario::Cluster& cluster, scenario::Month from,
                  scenario::Month until) {
    const scenario::OrbitalSite* site = orbit::siteOf(s, cluster);
    return site == nullptr ? 1.0
                           : orbit::meanSurvivors(s, cluster, from, until) * orbit::allPoweredShare(*site);
}

/// The stretches of `course.job` on an assignment's machines from `begin` months after the start on; ends
/// with the stretch in which its tokens are read where `whole` is not asked for.
Diagnostics addStretches(const ModelInputs& inputs, const scenario::Strategy& strategy,
                         const Layouts& layouts, std::stop_token stop, double begin, bool whole,
                         TrainingCourse& course) {
    const scenario::Scenario& s = inputs.scenario;
    const scenario::Assignment& assignment = *course.assignment;
    const scenario::Cluster& cluster = *s.cluster(assignment.cluster);
    const Span span = spanOf(s, strategy, assignment);
    const auto months = machineMonths(s, cluster, span.from, span.until);
    Diagnostics why =
        failure("'" + assignment.cluster + "' has no GPUs while '" + strategy.id + "' trains on it",
                "check the months of its tranches");
    double tokens = 0;
    for (std::size_t i = 0; i < months.size(); ++i) {
        TrainingCourse::Stretch stretch;
        stretch.from = months[i];
        stretch.until = i + 1 < months.size() ? months[i + 1] : span.until;
        const double first = std::max<double>(stretch.from.index - s.start.index, begin);
        const double inIt = stretch.until.index - s.start.index - first;
        if (inIt <= 0 && i + 1 < months.size()) {
            continue; // over before the job begins
        }
        auto anatomy = layouts.anatomy(
            inputs, {assignment.cluster, course.job->id, assignment.placement, months[i]}, stop);
        if (!anatomy) {
            why = anatomy.errors();
            continue; // a machine still too small; a later tranche may do
        }
        stretch.goodput = operations::outlookOf(s, cluster, *anatomy).goodput();
        stretch.alive = aliveShare(s, cluster, stretch.from, stretch.until);
        stretch.anatomy = std::move(*anatomy);
        tokens += stretch.tokensPerS() * kSecondsPerMonth * inIt;
        course.stretches.push_back(std::move(stretch));
        if (!whole && tokens >= course.job->tokens.value) {
            break;
        }
    }
    course.handedOver = span.until.index < s.start.index + s.horizonMonths;
    return course.stretches.empty() ? why : Diagnostics{};
}

Result<TrainingCourse> courseFrom(const ModelInputs& inputs, const scenario::Strategy& strategy,
                                  const scenario::Assignment& assignment, const std::string& job,
                                  const Layouts& layouts, std::stop_token stop, double begin, bool whole) {
    TrainingCourse course;
    course.assignment = &assignment;
    course.job = inputs.scenario.trainJob(job);
    if (inputs.scenario.cluster(assignment.cluster) == nullptr || course.job == nullptr) {
        return failure("strategy '" + strategy.id + "' trains '" + job + "' on '" + assignment.cluster +
                           "', which is not there",
                       "name a training job and a cluster of the scenario");
    }
    if (const Diagnostics why = addStretches(inputs, strategy, layouts, stop, begin, whole, course);
        !why.empty()) {
        return why;
    }
    return course;
}

} // namespace

void countTokens(TrainingCourse& course, const scenario::Scenario& s) {
    const double wanted = course.job->tokens.value;
    double tokens = 0;
    course.finish = course.stretches.size() - 1;
    course.monthsToTrain.reset();
    course.note.clear();
    for (const TrainingCourse::Stretch& stretch : course.stretches) {
        const double months = stretch.until.index - stretch.from.index;
        const double perMonth = stretch.tokensPerS() * kSecondsPerMonth;
        const bool last = &stretch == &course.stretches.back() && !course.handedOver;
        if (!course.monthsToTrain && perMonth > 0 && (last || tokens + perMonth * months >= wanted)) {
            course.finish = static_cast<std::size_t>(&stretch - course.stretches.data());
            course.monthsToTrain = stretch.from.index - s.start.index + (wanted - tokens) / perMonth;
        }
        tokens += perMonth * months;
    }
    if (!course.monthsToTrain) {
        course.note = course.job->name + " is not finished when its cluster is given other work";
    }
}

double idleGpus(const training::StepAnatomy& anatomy) {
    return static_cast<double>(std::max<std::int64_t>(0, anatomy.gpusTotal - anatomy.gpusUsed));
}

double waitingShare(const training::StepAnatomy& anatomy) {
    double waitingS = 0;
    double gpus = 0;
    for (const training::ClassShare& share : anatomy.classes) {
        waitingS += static_cast<double>(share.count) * share.waitS;
        gpus += static_cast<double>(share.count);
    }
    if (!(gpus > 0) || !(anatomy.stepTimeS > 0)) {
        return 0.0;
    }
    const double idle = idleGpus(anatomy);
    return std::clamp((waitingS / anatomy.stepTimeS + idle) / (gpus + idle), 0.0, 1.0);
}

Result<TrainingCourse> trainingCourse(const ModelInputs& inputs, const scenario::Strategy& strategy,
                                      const scenario::Assignment& assignment, const Layouts& layouts,
                                      std::stop_token stop) {
    auto course = courseFrom(inputs, strategy, assignment, assignment.job, layouts, stop, 0, true);
    if (course) {
        countTokens(*course, inputs.scenario);
    }
    return course;
}

Result<TrainingCourse> followingCourse(const ModelInputs& inputs, const scenario::Strategy& strategy,
                                       const scenario::Assignment& assignment, const FollowingJob& following,
                                       const Layouts& layouts, std::stop_token stop) {
    auto course = courseFrom(inputs, strategy, assignment, following.job, layouts, stop,
                             following.beginMonths, following.reach == FollowingJob::Reach::ToTheEnd);
    if (course) {
        course->finish = course->stretches.size() - 1;
    }
    return course;
}

} // namespace atlas::explore
