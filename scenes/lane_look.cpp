#include "scenes/lane_look.h"

#include "scenes/colour.h"
#include "scenes/words.h"

#include <cmath>

namespace atlas::scenes {

namespace {

using operations::GpuState;
using operations::SpanKind;

/// The same hue, lighter or darker: kinds of one family.
QColor shaded(const QColor& colour, double lightness) {
    Lab l = lab(colour);
    l.l = std::clamp(l.l + lightness, 4.0, 96.0);
    return fromLab(l);
}

StateStyle styleOf(const Theme& theme, SpanKind kind) {
    const StateStyle& computing = theme.state(GpuState::Computing);
    const StateStyle& exchanging = theme.state(GpuState::Communicating);
    const StateStyle& waiting = theme.state(GpuState::Waiting);
    // Towards the ground in either theme: families keep their order of weight.
    const double away = theme.mode == ThemeMode::Dark ? -1 : 1;
    switch (kind) {
    case SpanKind::Forward:
        return {computing.colour, Pattern::Solid};
    case SpanKind::Backward:
        return {shaded(computing.colour, 13 * away), Pattern::Solid};
    case SpanKind::TensorExchange:
        return {shaded(exchanging.colour, -16 * away), Pattern::Stripes};
    case SpanKind::ContextExchange:
        return {exchanging.colour, Pattern::Columns};
    case SpanKind::ExpertExchange:
        return {shaded(exchanging.colour, 14 * away), Pattern::Dots};
    case SpanKind::PipelineExchange:
        return {shaded(exchanging.colour, 26 * away), Pattern::Wedge};
    case SpanKind::GradientExchange:
        return {exchanging.colour, Pattern::Stripes};
    case SpanKind::Bubble:
        return {mixed(theme.panel, waiting.colour, 0.42), Pattern::Dots};
    case SpanKind::BarrierWait:
        return waiting;
    case SpanKind::Optimizer:
        return {mixed(computing.colour, theme.text, 0.45), Pattern::Solid};
    case SpanKind::Work:
        return {mixed(computing.colour, exchanging.colour, 0.3), Pattern::Solid};
    case SpanKind::Running:
        return {mixed(theme.panel, computing.colour, 0.55), Pattern::Solid};
    case SpanKind::OuterExchange:
        return {exchanging.colour, Pattern::Hatch};
    case SpanKind::Checkpoint:
        return theme.state(GpuState::Checkpoint);
    case SpanKind::Detecting:
        return {mixed(theme.state(GpuState::Fault).colour, theme.state(GpuState::Restart).colour, 0.4),
                Pattern::Hatch};
    case SpanKind::Restart:
        return theme.state(GpuState::Restart);
    case SpanKind::Halted:
    case SpanKind::Failure:
        return theme.state(GpuState::Fault);
    case SpanKind::Idle:
        return theme.state(GpuState::Idle);
    case SpanKind::StepChance:
        return {mixed(theme.panel, theme.quietText, 0.45), Pattern::Solid};
    case SpanKind::StepMismatch:
        return {mixed(theme.panel, waiting.colour, 0.75), Pattern::Solid};
    case SpanKind::StepSlow:
    case SpanKind::Slowness:
        return {mixed(waiting.colour, theme.state(GpuState::Culprit).colour, 0.55), Pattern::Stripes};
    case SpanKind::StepInjected:
    case SpanKind::Injected:
        return {theme.accent, Pattern::Wedge};
    case SpanKind::Planned:
        return {theme.state(GpuState::Restart).colour, Pattern::Hollow};
    }
    return {theme.quietText, Pattern::Solid};
}

} // namespace

LaneLooks laneLooks(const Theme& theme) {
    LaneLooks looks;
    for (std::size_t k = 0; k < looks.size(); ++k)
        looks[k] = styleOf(theme, static_cast<SpanKind>(k));
    return looks;
}

QColor meanColour(const LaneLooks& looks, const operations::KindSeconds& seconds) {
    double r = 0;
    double g = 0;
    double b = 0;
    double sum = 0;
    for (std::size_t k = 0; k < seconds.size(); ++k) {
        if (seconds[k] <= 0)
            continue;
        const QColor& c = looks[k].colour;
        r += seconds[k] * c.red() * c.red();
        g += seconds[k] * c.green() * c.green();
        b += seconds[k] * c.blue() * c.blue();
        sum += seconds[k];
    }
    if (sum <= 0)
        return looks[static_cast<std::size_t>(SpanKind::Idle)].colour;
    const auto channel = [sum](double light) { return static_cast<int>(std::sqrt(light / sum)); };
    return {channel(r), channel(g), channel(b)};
}

QString kindInLegend(SpanKind kind) {
    switch (kind) {
    case SpanKind::TensorExchange:
        return tr("tensor-parallel");
    case SpanKind::ContextExchange:
        return tr("context-parallel");
    case SpanKind::PipelineExchange:
        return tr("send, receive");
    case SpanKind::GradientExchange:
        return tr("gradients");
    case SpanKind::Bubble:
        return tr("bubble");
    case SpanKind::StepChance:
        return tr("step: chance");
    case SpanKind::StepMismatch:
        return tr("step: slower class, uneven work");
    case SpanKind::StepSlow:
        return tr("step: something slow");
    case SpanKind::StepInjected:
        return tr("step: injection");
    default:
        return kindLabel(kind);
    }
}

QString kindLabel(SpanKind kind) {
    switch (kind) {
    case SpanKind::Forward:
        return tr("forward");
    case SpanKind::Backward:
        return tr("backward");
    case SpanKind::TensorExchange:
        return tr("tensor-parallel exchange");
    case SpanKind::ContextExchange:
        return tr("context-parallel exchange");
    case SpanKind::ExpertExchange:
        return tr("expert all-to-all");
    case SpanKind::PipelineExchange:
        return tr("pipeline send and receive");
    case SpanKind::GradientExchange:
        return tr("gradient exchange");
    case SpanKind::Bubble:
        return tr("pipeline bubble");
    case SpanKind::BarrierWait:
        return tr("waits at the barrier");
    case SpanKind::Optimizer:
        return tr("optimizer");
    case SpanKind::Work:
        return tr("computes and communicates");
    case SpanKind::Running:
        return tr("steps");
    case SpanKind::OuterExchange:
        return tr("exchange between islands");
    case SpanKind::Checkpoint:
        return tr("checkpoint");
    case SpanKind::Detecting:
        return tr("failed, not yet detected");
    case SpanKind::Restart:
        return tr("restart");
    case SpanKind::Halted:
        return tr("halted: too few GPUs");
    case SpanKind::Idle:
        return tr("idle");
    case SpanKind::StepChance:
        return tr("step, ended by chance or lasting spread");
    case SpanKind::StepMismatch:
        return tr("step, held up by a slower class or uneven work");
    case SpanKind::StepSlow:
        return tr("step, held up by something slow");
    case SpanKind::StepInjected:
        return tr("step, held up by an injection");
    case SpanKind::Failure:
        return tr("failure");
    case SpanKind::Slowness:
        return tr("slow for a while");
    case SpanKind::Injected:
        return tr("injected");
    case SpanKind::Planned:
        return tr("restart on purpose");
    }
    return {};
}

QString kindShort(SpanKind kind) {
    switch (kind) {
    case SpanKind::Forward:
        return tr("F");
    case SpanKind::Backward:
        return tr("B");
    case SpanKind::TensorExchange:
        return tr("TP");
    case SpanKind::ContextExchange:
        return tr("CP");
    case SpanKind::ExpertExchange:
        return tr("EP");
    case SpanKind::PipelineExchange:
        return tr("PP");
    case SpanKind::GradientExchange:
        return tr("gradients");
    case SpanKind::Bubble:
        return tr("bubble");
    case SpanKind::BarrierWait:
        return tr("waits");
    case SpanKind::Work:
        return tr("works");
    case SpanKind::Detecting:
        return tr("failed");
    case SpanKind::Halted:
        return tr("halted");
    case SpanKind::StepChance:
    case SpanKind::StepMismatch:
    case SpanKind::StepSlow:
    case SpanKind::StepInjected:
        return tr("step");
    case SpanKind::Slowness:
        return tr("slow");
    default:
        return kindLabel(kind);
    }
}

} // namespace atlas::scenes
