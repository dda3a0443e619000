// Who held up a step, in people's words and as the map outlines it.
#pragma once

#include "app/blame_feed.h"
#include "scenes/blame_look.h"
#include "widgets/blame_panel.h"

namespace atlas::app {

/// What the panel of a side says; `bill` may not be known yet.
[[nodiscard]] widgets::BlameContent blameContent(const Pane& pane, const operations::Frame* frame,
                                                 const std::optional<operations::Attribution>& attribution,
                                                 const WaitingBill& bill);

/// The chain of a step for the map; null where nobody waits.
[[nodiscard]] std::shared_ptr<const scenes::BlameChain>
blameChain(const std::optional<operations::Attribution>& attribution);

} // namespace atlas::app
