#include "app/step_trace.h"

#include "app/chart_values.h"
#include "model/operations/lanes_of.h"
#include "scenes/lane_look.h"
#include "scenes/lanes_words.h"
#include "scenes/time_ticks.h"

#include <nlohmann/json.hpp>

#include <QCoreApplication>

#include <algorithm>
#include <charconv>
#include <limits>

namespace atlas::app {

namespace {

using operations::LaneKind;
using operations::LaneSpan;
using operations::StepLanes;
using operations::TimelineLane;

constexpr double kMicrosecondsPerSecond = 1e6;
/// Looked at this closely, every micro-batch is told.
constexpr double kEveryPhasePxPerS = 1e9;
/// A flow is bound to the span it points into, not to its edge.
constexpr double kInsideUs = 0.01;

QString tr(const char* text) {
    return QCoreApplication::translate("StepTrace", text);
}

std::string quoted(const QString& text) {
    return nlohmann::json(text.toStdString()).dump();
}

/// Microseconds with nanoseconds after the point, the same in every locale.
std::string microseconds(double seconds) {
    char digits[64];
    const auto end = std::to_chars(digits, digits + sizeof digits, seconds * kMicrosecondsPerSecond,
                                   std::chars_format::fixed, 3);
    return {digits, end.ptr};
}

bool wholeStep(operations::SpanKind kind) {
    return kind >= operations::SpanKind::StepChance && kind <= operations::SpanKind::StepInjected;
}

const char* category(LaneKind kind) {
    switch (kind) {
    case LaneKind::Phases:
        return "job";
    case LaneKind::Steps:
        return "step";
    case LaneKind::Conditions:
        return "condition";
    case LaneKind::Rank:
        break;
    }
    return "rank";
}

class Writer {
public:
    Writer(const StepLanes& lanes, std::size_t most)
        : m_lanes(lanes)
        , m_most(most) {}

    StepTrace write(const QString& provenance) {
        m_out = "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n";
        names();
        for (std::uint32_t i = 0; i < m_lanes.lanes.size(); ++i) {
            spans(i);
        }
        flows();
        m_out += "\n],\"otherData\":{\"source\":" + quoted(provenance) +
                 ",\"starts_at_s\":" + nlohmann::json(m_lanes.fromS).dump() +
                 ",\"starts_at\":" + quoted(scenes::instantText(m_lanes.fromS, 1e-3));
        if (m_trace.leftOut > 0) {
            m_out +=
                ",\"left_out\":" + quoted(tr("%1 events beyond the first %2 are left out; export fewer steps")
                                              .arg(m_trace.leftOut)
                                              .arg(m_trace.events));
        }
        m_out += "}}\n";
        m_trace.json = QByteArray::fromStdString(m_out);
        return std::move(m_trace);
    }

private:
    /// Begins an event on the thread of a lane.
    void open(const char* phase, std::uint32_t lane) {
        m_out += m_first ? "" : ",\n";
        m_first = false;
        m_out += "{\"ph\":\"" + std::string(phase) +
                 "\",\"pid\":" + std::to_string(m_lanes.lanes[lane].section + 1) +
                 ",\"tid\":" + std::to_string(lane + 1);
    }

    void meta(const char* what, std::uint32_t lane, const std::string& key, const std::string& value) {
        open("M", lane);
        m_out += ",\"name\":\"" + std::string(what) + "\",\"args\":{\"" + key + "\":" + value + "}}";
    }

    void names() {
        int section = -1;
        for (std::uint32_t i = 0; i < m_lanes.lanes.size(); ++i) {
            const TimelineLane& lane = m_lanes.lanes[i];
            if (lane.section != section) {
                section = lane.section;
                const auto words = scenes::sectionWords(m_lanes, lane.section);
                const QString title =
                    words.quiet.isEmpty() ? words.title : words.title + QStringLiteral(" · ") + words.quiet;
                meta("process_name", i, "name", quoted(title));
                meta("process_sort_index", i, "sort_index", std::to_string(section));
            }
            QString name = scenes::laneName(m_lanes, lane);
            if (lane.kind == LaneKind::Rank) {
                name += QStringLiteral(" · ") + QString::fromStdString(m_lanes.cluster->gpuLabel(lane.gpu));
                name += lane.culprit ? tr(" · holds the step") : QString();
            }
            meta("thread_name", i, "name", quoted(name));
            meta("thread_sort_index", i, "sort_index", std::to_string(i));
        }
    }

    void spans(std::uint32_t index) {
        const TimelineLane& lane = m_lanes.lanes[index];
        for (const LaneSpan& span : lane.track.spans()) {
            const double startS = std::max(span.startS, m_lanes.fromS);
            const double endS = std::min(span.endS, m_lanes.toS);
            if (endS < startS) {
                continue;
            }
            if (m_trace.events == m_most) {
                ++m_trace.leftOut;
                continue;
            }
            ++m_trace.events;
            open("X", index);
            m_out += ",\"cat\":\"" + std::string(category(lane.kind)) + "\",\"name\":" + nameOf(lane, span) +
                     ",\"ts\":" + microseconds(startS - m_lanes.fromS) +
                     ",\"dur\":" + microseconds(endS - startS) + ",\"args\":{" + argsOf(lane, span) + "}}";
        }
    }

    [[nodiscard]] std::string nameOf(const TimelineLane& lane, const LaneSpan& span) const {
        if (lane.kind == LaneKind::Conditions && span.number < m_lanes.events.size()) {
            return quoted(QString::fromStdString(m_lanes.events[span.number]));
        }
        return quoted(scenes::kindLabel(span.kind));
    }

    [[nodiscard]] std::string argsOf(const TimelineLane& lane, const LaneSpan& span) const {
        if (wholeStep(span.kind) && span.number < m_lanes.steps.size()) {
            const operations::LaneStep& step = m_lanes.steps[span.number];
            std::string args = "\"step\":" + std::to_string(step.step);
            if (step.culprit != cluster::kNone) {
                args +=
                    ",\"culprit\":" + quoted(QString::fromStdString(m_lanes.cluster->gpuLabel(step.culprit)));
            }
            return args;
        }
        if (lane.kind == LaneKind::Conditions) {
            return "\"at_once\":" + std::to_string(span.count);
        }
        const bool micro = lane.kind == LaneKind::Rank && span.kind <= operations::SpanKind::PipelineExchange;
        return micro ? "\"micro_batch\":" + std::to_string(span.number + 1) : std::string();
    }

    /// From piece to piece of the critical path, within a step.
    void flows() {
        const auto& legs = m_lanes.critical;
        for (std::size_t i = 1; i < legs.size(); ++i) {
            const auto& from = legs[i - 1];
            const auto& to = legs[i];
            if (from.lane == to.lane || to.startS < from.endS - 1e-9 || to.startS > from.endS + 1e-9) {
                continue;
            }
            const auto end = [&](const char* phase, std::uint32_t lane, double timeS, const char* more) {
                open(phase, lane);
                m_out += ",\"cat\":\"critical\",\"name\":" + quoted(tr("critical path")) +
                         ",\"id\":" + std::to_string(i) + ",\"ts\":" + microseconds(timeS - m_lanes.fromS) +
                         more + "}";
            };
            constexpr double kInsideS = kInsideUs / kMicrosecondsPerSecond;
            end("s", from.lane, from.endS - kInsideS, "");
            end("f", to.lane, to.startS + kInsideS, ",\"bp\":\"e\"");
        }
    }

    const StepLanes& m_lanes;
    std::size_t m_most;
    std::string m_out;
    bool m_first = true;
    StepTrace m_trace;
};

} // namespace

StepTrace stepTrace(const StepLanes& lanes, const QString& provenance, std::size_t most) {
    return Writer(lanes, most).write(provenance);
}

Result<StepTrace> stepTraceAt(const scenario::Scenario& scenario, const Pane& pane, double timeS, int steps) {
    if (!pane.timeline) {
        return pane.problems;
    }
    const auto first = pane.timeline->workAt(timeS, {});
    if (!first) {
        return failure("no step runs at that instant: the cluster is " + pane.timeline->activity(),
                       "choose an instant with --at at which it trains");
    }
    operations::LanesRequest request;
    request.focusS = timeS;
    request.pixelsPerS = kEveryPhasePxPerS;
    request.fromS = request.toS = first->step.startS;
    for (const operations::StepSpan& step :
         pane.timeline->steps(first->step.startS, std::numeric_limits<double>::infinity(),
                              static_cast<std::size_t>(std::clamp(steps, 1, kMostTraceSteps)))) {
        request.toS = step.endS;
    }
    return stepTrace(operations::lanesOf(*pane.timeline, request), provenance(scenario));
}

} // namespace atlas::app
