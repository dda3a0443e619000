// The mark beside results from outside what the models have been checked against, in the words of
// model/validation/validity.h.
#pragma once

#include "app/workspace.h"

#include <QString>

namespace atlas::app {

/// "‡ 550,000 GPUs is 239 times the largest validated run"; empty inside.
[[nodiscard]] QString markedText(const validation::Validity& validity);

/// The gravest of what both panes show, for the foot of the window: the larger factor. Empty inside.
[[nodiscard]] QString validityHeadline(const Workspace& workspace);

/// Each side's gravest, for captions of what both panes go into: "‡ A: 220,000 GPUs is 95 times the largest
/// validated run · B: …". Empty inside.
[[nodiscard]] QString captionCaveat(const Workspace& workspace);

/// Every excess of both panes, a line each: "A: 220,000 GPUs is 95 times the largest validated run".
[[nodiscard]] QString validityDetail(const Workspace& workspace);

} // namespace atlas::app
