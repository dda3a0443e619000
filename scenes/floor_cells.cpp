#include "scenes/floor_cells.h"

#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace atlas::scenes {

namespace {

using cluster::Index;
using operations::GpuState;

QRgb withPattern(const QColor& colour, Pattern pattern) {
    return (colour.rgb() & 0x00ffffffu) | (static_cast<QRgb>(pattern) << 24);
}

/// Colour of a GPU from its state and utilisation, as tables.
struct Palette {
    ColourBy by = ColourBy::State;
    std::array<QRgb, 256> state{};       ///< by state; also what overrides the other modes
    std::array<QRgb, 256> utilisation{}; ///< by utilisation
    std::array<bool, 256> overrides{};   ///< states shown as such whatever the mode

    Palette(ColourBy mode, const Theme& theme)
        : by(mode) {
        state.fill(withPattern(theme.line, Pattern::Empty));
        for (std::size_t s = 0; s < operations::kStateCount; ++s)
            state[s] = withPattern(theme.states[s].colour, theme.states[s].pattern);
        for (std::size_t u = 0; u < 256; ++u)
            utilisation[u] = (theme.sequential[u] & 0x00ffffffu) | (static_cast<QRgb>(Pattern::Solid) << 24);
        for (std::size_t s = 0; s < 256; ++s)
            overrides[s] = s >= operations::kStateCount ||
                           s == static_cast<std::size_t>(GpuState::Unpowered) ||
                           isWorst(static_cast<GpuState>(s));
    }
};

bool worstByte(std::uint8_t state) {
    return isWorst(static_cast<GpuState>(state));
}

/// Sums of light of the GPUs of one cell.
struct Light {
    std::uint32_t r = 0, g = 0, b = 0;
    std::uint32_t count = 0;
    QRgb worst = 0;

    void add(QRgb c) {
        const auto red = static_cast<std::uint32_t>(qRed(c));
        const auto green = static_cast<std::uint32_t>(qGreen(c));
        const auto blue = static_cast<std::uint32_t>(qBlue(c));
        r += red * red;
        g += green * green;
        b += blue * blue;
        ++count;
    }
};

/// Square root of 16-bit light in 4096 steps.
const std::array<std::uint8_t, 4096>& roots() {
    static const std::array<std::uint8_t, 4096> table = [] {
        std::array<std::uint8_t, 4096> t{};
        for (std::size_t i = 0; i < t.size(); ++i)
            t[i] =
                static_cast<std::uint8_t>(std::min(255.0, std::sqrt((static_cast<double>(i) + 0.5) * 16.0)));
        return t;
    }();
    return table;
}

QRgb meanOf(const Light& light, const std::array<std::uint8_t, 4096>& root) {
    const auto channel = [&](std::uint32_t sum) -> QRgb { return root[sum / light.count >> 4]; };
    return channel(light.r) << 16 | channel(light.g) << 8 | channel(light.b) |
           (static_cast<QRgb>(Pattern::Solid) << 24);
}

struct Source {
    const FloorGeometry& geometry;
    const operations::Frame* frame;
    const Palette& palette;
    const Theme& theme;
};

/// Colours the racks of one line of the window; `worst` collects what must be marked.
class LinePainter {
public:
    LinePainter(const Source& source, const HallGridView& grid, const HallMap& map, HallCells& out)
        : m_source(source)
        , m_grid(grid)
        , m_map(map)
        , m_out(out)
        , m_empty(withPattern(source.theme.panel, Pattern::Solid))
        , m_class(classColour()) {
        for (int c = 0; c < grid.columns; ++c)
            m_cellOfColumn.push_back(cellOf(c, grid.columns, map.x.cellsPerUnit));
        for (int l = 0; l < grid.lines; ++l)
            m_cellOfLine.push_back(cellOf(l, grid.lines, map.y.cellsPerUnit));
    }

    void paint(std::size_t line, std::vector<WorstMark>& worst) const {
        const bool single = m_map.x.cellsPerUnit == m_grid.columns && m_map.y.cellsPerUnit == m_grid.lines;
        std::vector<Light> lights(static_cast<std::size_t>(m_map.x.cellsPerUnit * m_map.y.cellsPerUnit));
        for (std::size_t u = 0; u < m_map.x.unitCount; ++u) {
            QRgb* const corner = m_out.colour.data() +
                                 line * static_cast<std::size_t>(m_map.y.cellsPerUnit) *
                                     static_cast<std::size_t>(m_out.width) +
                                 u * static_cast<std::size_t>(m_map.x.cellsPerUnit);
            const auto rackIndex = m_grid.rackAt(m_map.x.firstUnit + u, m_map.y.firstUnit + line);
            if (rackIndex == cluster::kNone) {
                clear(corner);
                continue;
            }
            const cluster::Rack& rack = m_source.geometry.cluster->racks[rackIndex];
            if (rack.gpus.count < static_cast<Index>(m_grid.columns * m_grid.lines) ||
                rack.columns != m_grid.columns)
                clear(corner);
            if (paintUniform(rack, corner))
                continue;
            if (single)
                paintSingle(rack, corner, worst);
            else
                paintShared(rack, corner, lights, worst);
        }
    }

private:
    [[nodiscard]] QRgb classColour() const {
        const auto& cluster = *m_source.geometry.cluster;
        const auto gpuClass = cluster.islands[cluster.halls[m_grid.hall].island].gpuClass;
        return withPattern(m_source.theme.classes[gpuClass % m_source.theme.classes.size()], Pattern::Solid);
    }

    [[nodiscard]] std::uint8_t stateOf(cluster::Index gpu) const {
        return m_source.frame ? m_source.frame->state[gpu] : std::uint8_t{0};
    }

    [[nodiscard]] QRgb colourOf(cluster::Index gpu, std::uint8_t state) const {
        const Palette& palette = m_source.palette;
        if (palette.by == ColourBy::State || palette.overrides[state])
            return palette.state[state];
        return palette.by == ColourBy::Class ? m_class
                                             : palette.utilisation[m_source.frame->utilisation[gpu]];
    }

    void clear(QRgb* corner) const {
        for (int y = 0; y < m_map.y.cellsPerUnit; ++y)
            std::fill_n(corner + static_cast<std::ptrdiff_t>(y) * m_out.width, m_map.x.cellsPerUnit, m_empty);
    }

    /// Most racks are of one state most of the time. False if this one is not.
    bool paintUniform(const cluster::Rack& rack, QRgb* corner) const {
        const bool full = rack.gpus.count == static_cast<Index>(m_grid.columns * m_grid.lines);
        if (!full || !m_source.frame || m_source.palette.by != ColourBy::State)
            return false;
        const std::uint8_t* const state = m_source.frame->state.data() + rack.gpus.first;
        if (worstByte(*state) || std::memcmp(state, state + 1, rack.gpus.count - 1) != 0)
            return false;
        const QRgb colour = m_source.palette.state[*state];
        for (int y = 0; y < m_map.y.cellsPerUnit; ++y)
            std::fill_n(corner + static_cast<std::ptrdiff_t>(y) * m_out.width, m_map.x.cellsPerUnit, colour);
        return true;
    }

    void paintSingle(const cluster::Rack& rack, QRgb* corner, std::vector<WorstMark>& worst) const {
        Index gpu = rack.gpus.first;
        for (int l = 0; gpu < rack.gpus.end(); ++l) {
            QRgb* to = corner + static_cast<std::ptrdiff_t>(l) * m_out.width;
            for (int c = 0; c < rack.columns && gpu < rack.gpus.end(); ++c, ++gpu) {
                const std::uint8_t state = stateOf(gpu);
                *to++ = colourOf(gpu, state);
                if (worstByte(state))
                    worst.push_back({gpu, static_cast<GpuState>(state)});
            }
        }
    }

    void paintShared(const cluster::Rack& rack, QRgb* corner, std::vector<Light>& lights,
                     std::vector<WorstMark>& worst) const {
        std::fill(lights.begin(), lights.end(), Light{});
        Index gpu = rack.gpus.first;
        for (int l = 0; gpu < rack.gpus.end(); ++l) {
            Light* const row =
                lights.data() +
                static_cast<std::ptrdiff_t>(m_cellOfLine[static_cast<std::size_t>(l)]) * m_map.x.cellsPerUnit;
            for (int c = 0; c < rack.columns && gpu < rack.gpus.end(); ++c, ++gpu) {
                const std::uint8_t state = stateOf(gpu);
                Light& light = row[m_cellOfColumn[static_cast<std::size_t>(c)]];
                light.add(colourOf(gpu, state));
                if (worstByte(state)) {
                    light.worst = m_source.palette.state[state];
                    worst.push_back({gpu, static_cast<GpuState>(state)});
                }
            }
        }
        const auto& root = roots();
        const Light* light = lights.data();
        for (int y = 0; y < m_map.y.cellsPerUnit; ++y)
            for (int x = 0; x < m_map.x.cellsPerUnit; ++x, ++light)
                if (light->count > 0)
                    corner[static_cast<std::ptrdiff_t>(y) * m_out.width + x] =
                        light->worst ? light->worst : meanOf(*light, root);
    }

    const Source& m_source;
    const HallGridView& m_grid;
    const HallMap& m_map;
    HallCells& m_out;
    QRgb m_empty;
    QRgb m_class;
    std::vector<int> m_cellOfColumn;
    std::vector<int> m_cellOfLine;
};

} // namespace

void colourCells(const FloorGeometry& geometry, const FloorMap& map, const operations::Frame* frame,
                 ColourBy by, const Theme& theme, FloorCells& cells) {
    const std::size_t gpus = geometry.cluster->gpuCount;
    if (frame && (frame->state.size() != gpus || frame->utilisation.size() != gpus))
        frame = nullptr;
    const Palette palette(by, theme);
    const Source source{geometry, frame, palette, theme};
    cells.halls.resize(map.halls.size());
    cells.worst.clear();
    tbb::enumerable_thread_specific<std::vector<WorstMark>> found;
    for (std::size_t h = 0; h < map.halls.size(); ++h) {
        const HallMap& hall = map.halls[h];
        HallCells& out = cells.halls[h];
        out.width = hall.x.cellCount();
        out.height = hall.y.cellCount();
        out.colour.resize(static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height));
        const LinePainter painter(source, geometry.halls[hall.grid], hall, out);
        tbb::parallel_for(tbb::blocked_range<std::size_t>(0, hall.y.unitCount, 8), [&](const auto& range) {
            auto& worst = found.local();
            for (std::size_t line = range.begin(); line != range.end(); ++line)
                painter.paint(line, worst);
        });
    }
    for (const auto& local : found)
        cells.worst.insert(cells.worst.end(), local.begin(), local.end());
    std::sort(cells.worst.begin(), cells.worst.end(),
              [](const WorstMark& a, const WorstMark& b) { return a.gpu < b.gpu; });
}

} // namespace atlas::scenes
