#include "model/operations/frame.h"

namespace atlas::operations {

const char* name(GpuState state) {
    switch (state) {
    case GpuState::Unpowered:
        return "not yet powered";
    case GpuState::Idle:
        return "idle";
    case GpuState::Computing:
        return "computing";
    case GpuState::Communicating:
        return "communicating";
    case GpuState::Waiting:
        return "waiting at the barrier";
    case GpuState::Culprit:
        return "holds the others up";
    case GpuState::Fault:
        return "fault";
    case GpuState::Checkpoint:
        return "checkpoint";
    case GpuState::Restart:
        return "restart";
    case GpuState::Prefill:
        return "prefill";
    case GpuState::Decode:
        return "decode";
    }
    return "";
}

int severity(GpuState state) {
    switch (state) {
    case GpuState::Culprit:
    case GpuState::Fault:
        return 3;
    case GpuState::Checkpoint:
    case GpuState::Restart:
        return 2;
    case GpuState::Waiting:
        return 1;
    default:
        return 0;
    }
}

std::vector<std::string> Timeline::notesOf(double, double) const {
    return notes();
}

std::vector<Event> Timeline::events(double, double) const {
    return {};
}

std::vector<PhaseSpan> Timeline::phases(double, double, std::size_t) const {
    return {};
}

std::vector<StepSpan> Timeline::steps(double, double, std::size_t) const {
    return {};
}

std::vector<StateSpan> Timeline::statesOf(double, cluster::Index) const {
    return {};
}

std::optional<StepWork> Timeline::workAt(double, std::span<const cluster::Index>) const {
    return std::nullopt;
}

std::optional<Attribution> Timeline::attributionAt(double) const {
    return std::nullopt;
}

Account Timeline::account(double fromS, double toS, std::stop_token) const {
    Account account;
    account.fromS = fromS;
    account.toS = toS;
    return account;
}

double Frame::busyShare() const {
    const auto of = [this](GpuState s) { return static_cast<double>(counts[static_cast<std::size_t>(s)]); };
    const double powered = static_cast<double>(state.size()) - of(GpuState::Unpowered);
    const double busy =
        of(GpuState::Computing) + of(GpuState::Culprit) + of(GpuState::Prefill) + of(GpuState::Decode);
    return powered > 0 ? busy / powered : 0;
}

} // namespace atlas::operations
