#include "model/explore/stints.h"

#include "model/explore/roadmap.h"
#include "model/finance/contract.h"

#include <algorithm>

namespace atlas::explore {

namespace {

constexpr double kSecondsPerMonth = finance::kHoursPerMonth * 3600.0;

double gpuPowerW(const training::StepAnatomy& anatomy) {
    return anatomy.energyJ / anatomy.stepTimeS / static_cast<double>(anatomy.gpusTotal);
}

/// The stints of one course, one after another.
class Lane {
public:
    Lane(const scenario::Scenario& s, std::span<const TrainingCourse> courses, std::size_t course,
         std::vector<Stint>& out)
        : m_scenario(s)
        , m_own(courses[course])
        , m_course(course)
        , m_out(out) {
        const int end =
            m_own.handedOver ? m_own.stretches.back().until.index : s.start.index + s.horizonMonths;
        m_end = end - s.start.index;
        m_free = m_own.stretches.front().from.index - s.start.index;
    }

    void add(const RunDate& run, const TrainingCourse& its) {
        addUntil(*run.beginMonths, m_own, {});
        addUntil(run.doneMonths.value_or(m_end), its, run.name);
    }

    void finish() { addUntil(m_end, m_own, {}); }

private:
    /// From where the last ended.
    void addUntil(double months, const TrainingCourse& its, const std::string& run) {
        const double until = std::min(months, m_end);
        if (until <= m_free) {
            return;
        }
        Stint stint;
        stint.run = run;
        stint.job = its.job->name;
        stint.cluster = m_own.assignment->cluster;
        stint.course = m_course;
        stint.fromMonths = m_free;
        stint.untilMonths = until;
        double joulesPerGpu = 0; // a month's seconds left out: they cancel
        for (const TrainingCourse::Stretch& stretch : its.stretches) {
            // The last machine goes on where the course itself was not looked at any further.
            const bool last = &stretch == &its.stretches.back();
            const double from = std::max<double>(stretch.from.index - m_scenario.start.index, m_free);
            const double to =
                last ? until : std::min<double>(stretch.until.index - m_scenario.start.index, until);
            if (to > from) {
                stint.flop += stretch.flopPerS() * kSecondsPerMonth * (to - from);
                joulesPerGpu += gpuPowerW(stretch.anatomy) * (to - from);
            }
        }
        stint.gpuPowerW = joulesPerGpu / stint.months();
        m_out.push_back(std::move(stint));
        m_free = until;
    }

    const scenario::Scenario& m_scenario;
    const TrainingCourse& m_own;
    std::size_t m_course;
    std::vector<Stint>& m_out;
    double m_end = 0;
    double m_free = 0;
};

} // namespace

std::vector<Stint> stintsOf(const scenario::Scenario& s, std::span<const TrainingCourse> courses,
                            std::optional<std::size_t> main, std::span<const TrainingCourse> others) {
    std::vector<Stint> stints;
    for (std::size_t c = 0; c < courses.size(); ++c) {
        Lane lane(s, courses, c, stints);
        if (main == c && !s.runs.empty()) {
            const std::vector<RunDate> dates = runDates(s, &courses[c], others);
            for (std::size_t r = 0; r < dates.size(); ++r) {
                if (dates[r].beginMonths) {
                    lane.add(dates[r], *courseOf(s, s.runs[r], courses[c], others));
                }
            }
        }
        lane.finish();
    }
    return stints;
}

double keptFlop(std::span<const Stint> stints, std::optional<std::size_t> course) {
    double flop = 0;
    for (const Stint& stint : stints) {
        flop += !course || stint.course == *course ? stint.flop : 0.0;
    }
    return flop;
}

double meanGpuPowerW(std::span<const Stint> stints, const std::string& cluster) {
    double months = 0;
    double watts = 0;
    for (const Stint& stint : stints) {
        if (stint.cluster == cluster) {
            months += stint.months();
            watts += stint.gpuPowerW * stint.months();
        }
    }
    return months > 0 ? watts / months : 0.0;
}

} // namespace atlas::explore
