#include "scenes/floor_difference.h"

#include "scenes/scene.h"
#include "scenes/words.h"

#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace atlas::scenes {

namespace {

using cluster::Index;
using operations::GpuState;

constexpr int kWhole = 255;       ///< the scale of a RampTable
constexpr int kStripedBelow = -8; ///< of kWhole: what is told apart from nothing
constexpr QChar kMinus = QChar(0x2212);

/// Of the GPUs of a cell.
struct Sum {
    std::int32_t difference = 0;
    std::int32_t count = 0; ///< those with a difference
    bool unpowered = false; ///< some have no power in either
};

class LinePainter {
public:
    LinePainter(const FloorGeometry& geometry, const HallMap& map, const operations::Frame& base,
                const operations::Frame& frame, const Colouring& colouring, const RampTable& ramp,
                const Theme& theme, HallCells& out)
        : m_cluster(*geometry.cluster)
        , m_grid(geometry.halls[map.grid])
        , m_map(map)
        , m_base(base)
        , m_frame(frame)
        , m_ramp(ramp)
        , m_theme(theme)
        , m_out(out)
        , m_class(m_cluster.islands[m_cluster.halls[m_grid.hall].island].gpuClass)
        , m_rackwise(isShareOfMany(colouring.by) && map.detail < Detail::Trays) {}

    /// The racks of one line of the window.
    void paint(std::size_t line, std::vector<WorstMark>& worst) const {
        const int across = m_map.x.cellsPerUnit;
        const int down = m_map.y.cellsPerUnit;
        std::vector<Sum> sums(m_rackwise ? 1 : static_cast<std::size_t>(across * down));
        for (std::size_t u = 0; u < m_map.x.unitCount; ++u) {
            std::fill(sums.begin(), sums.end(), Sum{});
            QRgb* const corner =
                m_out.colour.data() +
                line * static_cast<std::size_t>(down) * static_cast<std::size_t>(m_out.width) +
                u * static_cast<std::size_t>(across);
            const std::size_t before = worst.size();
            const Index rackIndex = m_grid.rackAt(m_map.x.firstUnit + u, m_map.y.firstUnit + line);
            if (rackIndex != cluster::kNone)
                add(m_cluster.racks[rackIndex], sums, worst);
            for (int y = 0; y < down; ++y)
                for (int x = 0; x < across; ++x)
                    corner[static_cast<std::ptrdiff_t>(y) * m_out.width + x] =
                        colourOf(sums[m_rackwise ? 0 : static_cast<std::size_t>(y * across + x)]);
            for (std::size_t i = before; i < worst.size(); ++i) {
                const auto [x, y] = cellAt(m_cluster.racks[rackIndex], worst[i].gpu);
                const StateStyle& style = m_theme.state(worst[i].state);
                corner[static_cast<std::ptrdiff_t>(y) * m_out.width + x] =
                    withPattern(style.colour.rgb(), style.pattern);
            }
        }
    }

private:
    [[nodiscard]] std::pair<int, int> cellAt(const cluster::Rack& rack, Index gpu) const {
        const auto local = static_cast<int>(gpu - rack.gpus.first);
        return {cellOf(local % rack.columns, m_grid.columns, m_map.x.cellsPerUnit),
                cellOf(local / rack.columns, m_grid.lines, m_map.y.cellsPerUnit)};
    }

    void add(const cluster::Rack& rack, std::vector<Sum>& sums, std::vector<WorstMark>& worst) const {
        const auto& share = m_ramp.share[m_class];
        const auto& known = m_ramp.known[m_class];
        for (Index gpu = rack.gpus.first; gpu < rack.gpus.end(); ++gpu) {
            const auto [x, y] = m_rackwise ? std::pair(0, 0) : cellAt(rack, gpu);
            Sum& sum = sums[static_cast<std::size_t>(y * m_map.x.cellsPerUnit + x)];
            const std::uint8_t was = m_base.state[gpu];
            const std::uint8_t is = m_frame.state[gpu];
            if (isWorst(static_cast<GpuState>(is)) && !isWorst(static_cast<GpuState>(was)))
                worst.push_back({gpu, static_cast<GpuState>(is)});
            if (is == 0 && was == 0) {
                sum.unpowered = true;
            } else if (known[is] && known[was]) {
                ++sum.count;
                sum.difference += share[std::size_t{is} * 256 + m_frame.utilisation[gpu]] -
                                  share[std::size_t{was} * 256 + m_base.utilisation[gpu]];
            }
        }
    }

    [[nodiscard]] QRgb colourOf(const Sum& sum) const {
        if (sum.count == 0)
            return sum.unpowered ? withPattern(m_theme.state(GpuState::Unpowered).colour.rgb(),
                                               m_theme.state(GpuState::Unpowered).pattern)
                                 : withPattern(m_theme.panel.rgb(), Pattern::Solid);
        const int mean = sum.difference / sum.count;
        const auto entry = static_cast<std::size_t>(std::clamp((mean + kWhole + 1) / 2, 0, kWhole));
        return withPattern(m_theme.diverging[entry],
                           mean < kStripedBelow ? Pattern::Stripes : Pattern::Solid);
    }

    const cluster::Cluster& m_cluster;
    const HallGridView& m_grid;
    const HallMap& m_map;
    const operations::Frame& m_base;
    const operations::Frame& m_frame;
    const RampTable& m_ramp;
    const Theme& m_theme;
    HallCells& m_out;
    std::size_t m_class;
    bool m_rackwise;
};

} // namespace

bool sameFloor(const cluster::Cluster& a, const cluster::Cluster& b) {
    if (&a == &b)
        return true;
    if (a.gpuCount != b.gpuCount || a.racks.size() != b.racks.size() ||
        a.gpuClasses.size() != b.gpuClasses.size())
        return false;
    for (std::size_t c = 0; c < a.gpuClasses.size(); ++c)
        if (a.gpuClasses[c].id != b.gpuClasses[c].id)
            return false;
    return std::ranges::equal(a.racks, b.racks, [&](const cluster::Rack& one, const cluster::Rack& other) {
        const auto place = [](const cluster::Rack& r) {
            return std::tuple(r.gpus.first, r.gpus.count, r.hall, r.x, r.y, r.w, r.h, r.columns, r.lines);
        };
        return place(one) == place(other) &&
               a.islands[a.halls[one.hall].island].gpuClass == b.islands[b.halls[other.hall].island].gpuClass;
    });
}

void colourDifference(const FloorGeometry& geometry, const FloorMap& map, const operations::Frame& base,
                      const operations::Frame& frame, const Colouring& colouring, const Theme& theme,
                      FloorCells& cells) {
    const RampTable ramp = rampTable(colouring, geometry.cluster->gpuClasses.size());
    cells.halls.resize(map.halls.size());
    tbb::enumerable_thread_specific<std::vector<WorstMark>> found;
    for (std::size_t h = 0; h < map.halls.size(); ++h) {
        const HallMap& hall = map.halls[h];
        HallCells& out = cells.halls[h];
        out.fit(hall);
        const LinePainter painter(geometry, hall, base, frame, colouring, ramp, theme, out);
        tbb::parallel_for(tbb::blocked_range<std::size_t>(0, hall.y.unitCount, 8), [&](const auto& range) {
            for (std::size_t line = range.begin(); line != range.end(); ++line)
                painter.paint(line, found.local());
        });
    }
    cells.setWorst(found);
}

QString differenceText(const Colouring& colouring, double difference) {
    if (std::isnan(difference))
        return tr("not known");
    const QString sign = difference < 0 ? QString(kMinus) : QStringLiteral("+");
    const double size = std::abs(difference);
    const bool share = colouring.by == ColourBy::Utilisation || colouring.by == ColourBy::StallShare;
    return sign + (share ? tr("%1 pp").arg(QString::number(100 * size, 'f', size < 0.0995 ? 1 : 0))
                         : colouring.text(size));
}

void addDifference(Legend& legend, const Colouring& colouring, const Theme& theme) {
    const Colouring::Scale scale = colouring.scale();
    const double span = scale.high - scale.low;
    legend.hasRamp = true;
    legend.ramp = theme.diverging;
    legend.rampLow = differenceText(colouring, -span);
    legend.rampHigh = differenceText(colouring, span);
}

} // namespace atlas::scenes
