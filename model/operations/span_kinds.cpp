#include "model/operations/span_kinds.h"

namespace atlas::operations {

SpanKind kindOf(Phase phase) {
    switch (phase) {
    case Phase::Running:
        return SpanKind::Running;
    case Phase::Checkpoint:
        return SpanKind::Checkpoint;
    case Phase::Detecting:
        return SpanKind::Detecting;
    case Phase::Restarting:
        return SpanKind::Restart;
    case Phase::Halted:
        return SpanKind::Halted;
    case Phase::Outer:
        return SpanKind::OuterExchange;
    case Phase::Idle:
        break;
    }
    return SpanKind::Idle;
}

SpanKind kindOf(Cause cause) {
    switch (cause) {
    case Cause::ClassMismatch:
    case Cause::LastStage:
    case Cause::Sequences:
    case Cause::Collection:
        return SpanKind::StepMismatch;
    case Cause::StaticSpread:
    case Cause::Jitter:
        return SpanKind::StepChance;
    case Cause::Thermal:
    case Cause::SlowLink:
    case Cause::SlowHost:
        return SpanKind::StepSlow;
    case Cause::Injection:
        break;
    }
    return SpanKind::StepInjected;
}

SpanKind kindOf(const Event& event) {
    if (event.injection >= 0) {
        return SpanKind::Injected;
    }
    switch (event.kind) {
    case EventKind::FailStop:
        return SpanKind::Failure;
    case EventKind::FailSlow:
        return SpanKind::Slowness;
    case EventKind::Planned:
    case EventKind::Eviction:
        break;
    }
    return SpanKind::Planned;
}

} // namespace atlas::operations
