#include "model/explore/roadmap.h"

#include "model/finance/contract.h"

#include <algorithm>
#include <cmath>

namespace atlas::explore {

namespace {

constexpr double kSecondsPerMonth = finance::kHoursPerMonth * 3600.0;

/// Time at which a course has kept so many FLOPs, months after the start.
std::optional<double> monthsUntil(const TrainingCourse& course, const scenario::Scenario& s, double flop) {
    double kept = 0;
    for (const TrainingCourse::Stretch& stretch : course.stretches) {
        const double perMonth = stretch.flopPerS() * kSecondsPerMonth;
        const double months = stretch.until.index - stretch.from.index;
        const bool open = &stretch == &course.stretches.back() && !course.handedOver;
        if (perMonth > 0 && (open || kept + perMonth * months >= flop)) {
            return stretch.from.index - s.start.index + (flop - kept) / perMonth;
        }
        kept += perMonth * months;
    }
    return std::nullopt;
}

double budget(const scenario::Scenario& s, const scenario::ModelRun& run, const TrainingCourse& course) {
    const scenario::TrainJob* job = s.trainJob(run.job);
    if (job == nullptr) {
        return run.flop.value;
    }
    // The course's own job is met to the token; another job counts with the FLOPs of a token of the course.
    return job->tokens.value * course.telling().anatomy.modelFlopPerToken;
}

} // namespace

std::vector<RunDate> runDates(const scenario::Scenario& s, const TrainingCourse* course) {
    std::vector<RunDate> dates;
    std::vector<scenario::ModelRun> only(1);
    if (s.runs.empty()) {
        if (course == nullptr) {
            return dates;
        }
        only.front().name = course->job->name;
        only.front().job = course->job->id;
    }
    double flop = 0;
    for (const scenario::ModelRun& run : s.runs.empty() ? only : s.runs) {
        RunDate date;
        date.name = run.name;
        date.flop = run.flop.value;
        if (course != nullptr) {
            date.flop = budget(s, run, *course);
            date.beginMonths = monthsUntil(*course, s, flop);
            flop += date.flop;
            date.doneMonths = monthsUntil(*course, s, flop);
        }
        if (date.doneMonths && *date.doneMonths <= s.horizonMonths) {
            const double years = *date.doneMonths / 12.0;
            const double kept = 1.0 - std::clamp(s.market.worthDecayPerYear.value, 0.0, 1.0);
            date.worthUsd = run.worthUsd.value * std::pow(kept, years);
            date.presentUsd = date.worthUsd * std::pow(1.0 + s.economics.discountRatePerYear.value, -years);
        }
        dates.push_back(std::move(date));
    }
    return dates;
}

} // namespace atlas::explore
