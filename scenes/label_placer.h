// Labels that never overlap: asked in order of importance, each takes its place or is left out.
#pragma once

#include <QRectF>

#include <span>
#include <vector>

namespace atlas::scenes {

class LabelPlacer {
public:
    /// Labels must lie within `area`, `clearance` pixels apart.
    explicit LabelPlacer(const QRectF& area, double clearance = 2)
        : m_area(area)
        , m_clearance(clearance) {}

    /// Takes the place if it is free and inside the area.
    bool place(const QRectF& rect);
    /// Takes the first free place of `choices`; -1 if none is.
    int placeFirst(std::span<const QRectF> choices);
    /// Keeps a place clear of labels without regard to what is there.
    void block(const QRectF& rect) { m_taken.push_back(rect); }
    [[nodiscard]] bool isFree(const QRectF& rect) const;
    [[nodiscard]] const std::vector<QRectF>& taken() const { return m_taken; }

private:
    QRectF m_area;
    double m_clearance;
    std::vector<QRectF> m_taken;
};

} // namespace atlas::scenes
