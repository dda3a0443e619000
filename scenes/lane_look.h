// How the spans of a lane look and what they are called: one colour and one pattern a kind, out of the roles
// of the theme, so that states look the same here as on the floor.
#pragma once

#include "model/operations/lane_track.h"
#include "scenes/theme.h"

namespace atlas::scenes {

/// By kind.
using LaneLooks = std::array<StateStyle, operations::kSpanKindCount>;
[[nodiscard]] LaneLooks laneLooks(const Theme& theme);

/// The mean light of what was folded, by time.
[[nodiscard]] QColor meanColour(const LaneLooks& looks, const operations::KindSeconds& seconds);

/// In words, for legends and cards ("waits at the barrier").
[[nodiscard]] QString kindLabel(operations::SpanKind kind);
/// The same in as few words as a legend of twenty kinds has room for.
[[nodiscard]] QString kindInLegend(operations::SpanKind kind);
/// As short as it gets, for inside a span ("wait").
[[nodiscard]] QString kindShort(operations::SpanKind kind);

} // namespace atlas::scenes
