#include "model/explore/training_course.h"

#include "model/finance/contract.h"
#include "model/operations/outlook.h"

#include <algorithm>

namespace atlas::explore {

namespace {

constexpr double kSecondsPerMonth = finance::kHoursPerMonth * 3600.0;

} // namespace

void countTokens(TrainingCourse& course, const scenario::Scenario& s) {
    const double wanted = course.job->tokens.value;
    double tokens = 0;
    course.finish = course.stretches.size() - 1;
    course.monthsToTrain.reset();
    course.deliveredFlop = 0;
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
        course.deliveredFlop += stretch.flopPerS() * kSecondsPerMonth * months;
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
                                      std::stop_token stop, const std::string& asked) {
    const scenario::Scenario& s = inputs.scenario;
    const scenario::Cluster* cluster = s.cluster(assignment.cluster);
    const std::string& job = asked.empty() ? assignment.job : asked;
    TrainingCourse course;
    course.assignment = &assignment;
    course.job = s.trainJob(job);
    if (cluster == nullptr || course.job == nullptr) {
        return failure("strategy '" + strategy.id + "' trains '" + job + "' on '" + assignment.cluster +
                           "', which is not there",
                       "name a training job and a cluster of the scenario");
    }
    const Span span = spanOf(s, strategy, assignment);
    const auto months = machineMonths(s, *cluster, span.from, span.until);
    Diagnostics why =
        failure("'" + assignment.cluster + "' has no GPUs while '" + strategy.id + "' trains on it",
                "check the months of its tranches");
    for (std::size_t i = 0; i < months.size(); ++i) {
        auto anatomy =
            layouts.anatomy(inputs, {assignment.cluster, job, assignment.placement, months[i]}, stop);
        if (!anatomy) {
            why = anatomy.errors();
            continue; // a machine still too small; a later tranche may do
        }
        TrainingCourse::Stretch stretch;
        stretch.from = months[i];
        stretch.until = i + 1 < months.size() ? months[i + 1] : span.until;
        stretch.goodput = operations::outlookOf(s, *cluster, *anatomy).goodput();
        stretch.anatomy = std::move(*anatomy);
        course.stretches.push_back(std::move(stretch));
    }
    if (course.stretches.empty()) {
        return why;
    }
    course.handedOver = span.until.index < s.start.index + s.horizonMonths;
    countTokens(course, s);
    return course;
}

} // namespace atlas::explore
