#include "widgets/colours.h"

namespace atlas::widgets {

QColor sideColour(const Theme& theme, Side side) {
    return theme.strategies[index(side)];
}

} // namespace atlas::widgets
