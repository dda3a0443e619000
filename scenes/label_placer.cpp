#include "scenes/label_placer.h"

#include <algorithm>

namespace atlas::scenes {

bool LabelPlacer::isFree(const QRectF& rect) const {
    if (!m_area.contains(rect))
        return false;
    const QRectF wide = rect.adjusted(-m_clearance, -m_clearance, m_clearance, m_clearance);
    return std::none_of(m_taken.begin(), m_taken.end(),
                        [&](const QRectF& taken) { return taken.intersects(wide); });
}

bool LabelPlacer::place(const QRectF& rect) {
    if (!isFree(rect))
        return false;
    m_taken.push_back(rect);
    return true;
}

int LabelPlacer::placeFirst(std::span<const QRectF> choices) {
    for (std::size_t i = 0; i < choices.size(); ++i)
        if (place(choices[i]))
            return static_cast<int>(i);
    return -1;
}

} // namespace atlas::scenes
