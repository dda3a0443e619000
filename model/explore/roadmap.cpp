#include "model/explore/roadmap.h"

#include "model/finance/contract.h"

#include <algorithm>
#include <cmath>

namespace atlas::explore {

namespace {

constexpr double kSecondsPerMonth = finance::kHoursPerMonth * 3600.0;

/// Months after the start at which a course that begins at `from` has kept so many FLOPs.
std::optional<double> monthsUntil(const TrainingCourse& course, const scenario::Scenario& s, double from,
                                  double flop) {
    double kept = 0;
    for (const TrainingCourse::Stretch& stretch : course.stretches) {
        const double perMonth = stretch.flopPerS() * kSecondsPerMonth;
        const double first = std::max<double>(stretch.from.index - s.start.index, from);
        const double months = std::max(0.0, stretch.until.index - s.start.index - first);
        const bool open = &stretch == &course.stretches.back() && !course.handedOver;
        if (perMonth > 0 && (open || kept + perMonth * months >= flop)) {
            return first + (flop - kept) / perMonth;
        }
        kept += perMonth * months;
    }
    return std::nullopt;
}

/// The first month in which a course makes any headway from `from` on; empty: never again.
std::optional<double> beginning(const TrainingCourse& course, const scenario::Scenario& s, double from) {
    return monthsUntil(course, s, from, 0);
}

double budget(const scenario::Scenario& s, const scenario::ModelRun& run, const TrainingCourse& course) {
    return s.trainJob(run.job) == nullptr
               ? run.flop.value
               : course.job->tokens.value * course.telling().anatomy.modelFlopPerToken;
}

/// Runs one after another.
class Queue {
public:
    Queue(const scenario::Scenario& s, const TrainingCourse* course, std::span<const TrainingCourse> others)
        : m_scenario(s)
        , m_course(course)
        , m_others(others) {}

    RunDate add(const scenario::ModelRun& run) {
        const scenario::Scenario& s = m_scenario;
        RunDate date;
        date.name = run.name;
        date.flop = run.flop.value;
        const TrainingCourse* its = m_course == nullptr ? nullptr : courseOf(s, run, *m_course, m_others);
        if (its != nullptr) {
            date.flop = budget(s, run, *its);
        }
        if (its != nullptr && m_free) {
            date.beginMonths = beginning(*its, s, *m_free);
            date.doneMonths =
                date.beginMonths ? monthsUntil(*its, s, *date.beginMonths, date.flop) : std::nullopt;
            m_free = date.doneMonths;
        }
        if (date.doneMonths && *date.doneMonths <= s.horizonMonths) {
            const double years = *date.doneMonths / 12.0;
            const double kept = 1.0 - std::clamp(s.market.worthDecayPerYear.value, 0.0, 1.0);
            date.worthUsd = run.worthUsd.value * std::pow(kept, years);
            date.presentUsd = date.worthUsd * std::pow(1.0 + s.economics.discountRatePerYear.value, -years);
        }
        return date;
    }

    /// When the cluster is; empty: not again.
    [[nodiscard]] std::optional<double> free() const { return m_free; }

private:
    const scenario::Scenario& m_scenario;
    const TrainingCourse* m_course;
    std::span<const TrainingCourse> m_others;
    std::optional<double> m_free = 0.0;
};

} // namespace

const TrainingCourse* courseOf(const scenario::Scenario& s, const scenario::ModelRun& run,
                               const TrainingCourse& course, std::span<const TrainingCourse> others) {
    const scenario::TrainJob* job = s.trainJob(run.job);
    if (job == nullptr || course.job->id == job->id) {
        return &course;
    }
    const auto own =
        std::ranges::find_if(others, [&](const TrainingCourse& other) { return other.job->id == job->id; });
    return own == others.end() ? nullptr : &*own;
}

std::vector<RunDate> runDates(const scenario::Scenario& s, const TrainingCourse* course,
                              std::span<const TrainingCourse> others) {
    std::vector<RunDate> dates;
    std::vector<scenario::ModelRun> only(1);
    if (s.runs.empty()) {
        if (course == nullptr) {
            return dates;
        }
        only.front().name = course->job->name;
        only.front().job = course->job->id;
    }
    Queue queue(s, course, others);
    for (const scenario::ModelRun& run : s.runs.empty() ? only : s.runs) {
        dates.push_back(queue.add(run));
    }
    return dates;
}

std::optional<double> freeFor(const scenario::Scenario& s, const std::string& job,
                              const TrainingCourse& course, std::span<const TrainingCourse> others) {
    Queue queue(s, &course, others);
    for (const scenario::ModelRun& run : s.runs) {
        if (run.job == job) {
            break;
        }
        queue.add(run);
    }
    return queue.free();
}

} // namespace atlas::explore
