#include "scenes/floor_cells.h"

#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace atlas::scenes {

namespace {

using cluster::Index;
using operations::GpuState;

/// Light of one colour or the sum of many: red and green squared, blue squared and the number of colours, two
/// sums in a word each. A cell holds at most 2^16 GPUs, so none runs into the other.
struct Light {
    std::uint64_t redGreen = 0;
    std::uint64_t blueCount = 0;

    static Light of(QRgb c) {
        const auto square = [](int v) {
            return static_cast<std::uint64_t>(v) * static_cast<std::uint64_t>(v);
        };
        return {square(qRed(c)) << 32 | square(qGreen(c)), square(qBlue(c)) << 32 | 1};
    }
    void add(const Light& other) {
        redGreen += other.redGreen;
        blueCount += other.blueCount;
    }
};

/// What turns a sum of light into a channel without a division or a root.
struct MeanTables {
    std::array<std::uint8_t, 4096> root{};    ///< of 16-bit light, in steps of 16
    std::array<std::uint32_t, 257> inverse{}; ///< 2^24 over a count
};

const MeanTables& meanTables() {
    static const MeanTables tables = [] {
        MeanTables t;
        for (std::size_t i = 0; i < t.root.size(); ++i)
            t.root[i] =
                static_cast<std::uint8_t>(std::min(255.0, std::sqrt((static_cast<double>(i) + 0.5) * 16.0)));
        for (std::uint32_t i = 1; i < t.inverse.size(); ++i)
            t.inverse[i] = (1u << 24) / i;
        return t;
    }();
    return tables;
}

QRgb meanOf(const Light& light, const MeanTables& tables) {
    const auto count = static_cast<std::uint32_t>(light.blueCount);
    const auto channel = [&](std::uint64_t sums) -> QRgb {
        const std::uint64_t sum = sums & 0xffffffffu;
        const std::uint64_t mean =
            count < tables.inverse.size() ? sum * tables.inverse[count] >> 24 : sum / count;
        return tables.root[mean >> 4];
    };
    return channel(light.redGreen >> 32) << 16 | channel(light.redGreen) << 8 |
           channel(light.blueCount >> 32) | (static_cast<QRgb>(Pattern::Solid) << 24);
}

/// In the alpha byte of a colour, which holds a Pattern: above all of them.
constexpr QRgb kMarked = 0x80000000u;
static_assert(kPatternCount <= kMarked >> 24);

/// Colours of states and of the ramp, as tables.
struct Palette {
    ColourBy by = ColourBy::State;
    std::array<QRgb, 256> state{};     ///< by state; also what overrides the other modes
    std::array<QRgb, 256> ramp{};      ///< by share of the quantity's scale
    std::array<bool, 256> overrides{}; ///< states shown as such whatever the mode
    std::array<Light, 256> stateLight{};
    RampTable quantities; ///< empty unless the colours are of a quantity
    /// Two GPUs in a cell, which is what most cells of a whole campus hold: their mean. By state, [a * 16 +
    /// b]; kMarked where one of them isWorst.
    std::array<QRgb, 256> pair{};

    Palette(const Colouring& colouring, std::size_t classes, const Theme& theme)
        : by(colouring.by) {
        state.fill(withPattern(theme.line.rgb(), Pattern::Empty));
        for (std::size_t s = 0; s < operations::kStateCount; ++s)
            state[s] = withPattern(theme.states[s].colour.rgb(), theme.states[s].pattern);
        for (std::size_t i = 0; i < 256; ++i) {
            ramp[i] = withPattern(theme.sequential[i], Pattern::Solid);
            overrides[i] = i >= operations::kStateCount ||
                           i == static_cast<std::size_t>(GpuState::Unpowered) ||
                           isWorst(static_cast<GpuState>(i));
            stateLight[i] = Light::of(state[i]);
        }
        if (isQuantity(by))
            quantities = rampTable(colouring, classes);
        for (std::size_t i = 0; i < pair.size(); ++i) {
            Light both = stateLight[i / 16];
            both.add(stateLight[i % 16]);
            pair[i] = i / 16 == i % 16 ? state[i / 16] : meanOf(both, meanTables());
            if (isWorst(static_cast<GpuState>(i / 16)) || isWorst(static_cast<GpuState>(i % 16)))
                pair[i] |= kMarked;
        }
    }
};

bool worstByte(std::uint8_t state) {
    return isWorst(static_cast<GpuState>(state));
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
        , m_empty(withPattern(source.theme.panel.rgb(), Pattern::Solid))
        , m_class(gpuClass())
        , m_classColour(
              withPattern(source.theme.classes[m_class % source.theme.classes.size()].rgb(), Pattern::Solid))
        , m_classLight(Light::of(m_classColour))
        , m_rackwise(isShareOfMany(source.palette.by) && map.detail < Detail::Trays)
        , m_tables(meanTables()) {
        for (int c = 0; c < grid.columns; ++c)
            m_cellOfColumn.push_back(cellOf(c, grid.columns, map.x.cellsPerUnit));
        for (int l = 0; l < grid.lines; ++l)
            m_cellOfLine.push_back(cellOf(l, grid.lines, map.y.cellsPerUnit));
        // The first and the last line of every cell.
        m_pairs.assign(static_cast<std::size_t>(map.y.cellsPerUnit),
                       {static_cast<std::size_t>(grid.lines), 0});
        m_inPairs = map.x.cellsPerUnit == grid.columns;
        for (int l = 0; l < grid.lines; ++l) {
            auto& [first, last] = m_pairs[static_cast<std::size_t>(lineOf(l))];
            first = std::min(first, static_cast<std::size_t>(l));
            last = static_cast<std::size_t>(l);
        }
        for (const auto& [first, last] : m_pairs)
            m_inPairs = m_inPairs && last <= first + 1;
    }

    void paint(std::size_t line, std::vector<WorstMark>& worst) const {
        const bool single = m_map.x.cellsPerUnit == m_grid.columns && m_map.y.cellsPerUnit == m_grid.lines;
        const auto cellsOfRack = static_cast<std::size_t>(m_map.x.cellsPerUnit * m_map.y.cellsPerUnit);
        std::vector<Light> lights(cellsOfRack);
        std::vector<Sum> sums(isQuantity(m_source.palette.by) ? cellsOfRack : 0);
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
            if (paintUniform(rack, corner) || paintPairs(rack, corner, worst))
                continue;
            if (m_rackwise)
                paintRackwise(rack, corner, worst);
            else if (single)
                paintSingle(rack, corner, worst);
            else if (isQuantity(m_source.palette.by))
                paintMeans(rack, corner, sums, worst);
            else
                paintShared(rack, corner, lights, worst);
        }
    }

private:
    /// A quantity of several GPUs: those that have one, and their shares of the scale added up.
    struct Sum {
        std::uint32_t count = 0, share = 0;
        QRgb other = 0; ///< of a GPU that has none
    };

    [[nodiscard]] std::size_t gpuClass() const {
        const auto& cluster = *m_source.geometry.cluster;
        return cluster.islands[cluster.halls[m_grid.hall].island].gpuClass;
    }

    [[nodiscard]] std::uint8_t stateOf(cluster::Index gpu) const {
        return m_source.frame ? m_source.frame->state[gpu] : std::uint8_t{0};
    }

    /// A state that is shown as such in a mode that shows a quantity.
    [[nodiscard]] bool isOverridden(std::uint8_t state) const {
        const Palette& palette = m_source.palette;
        return palette.overrides[state] || !palette.quantities.known[m_class][state];
    }

    [[nodiscard]] std::uint8_t shareOf(cluster::Index gpu, std::uint8_t state) const {
        return m_source.palette.quantities
            .share[m_class][std::size_t{state} * 256 + m_source.frame->utilisation[gpu]];
    }

    [[nodiscard]] QRgb colourOf(cluster::Index gpu, std::uint8_t state) const {
        const Palette& palette = m_source.palette;
        if (palette.by == ColourBy::State || palette.overrides[state])
            return palette.state[state];
        if (palette.by == ColourBy::Class)
            return m_classColour;
        return palette.quantities.known[m_class][state] ? palette.ramp[shareOf(gpu, state)] : m_empty;
    }

    void fill(QRgb* corner, QRgb colour) const {
        for (int y = 0; y < m_map.y.cellsPerUnit; ++y)
            std::fill_n(corner + static_cast<std::ptrdiff_t>(y) * m_out.width, m_map.x.cellsPerUnit, colour);
    }

    void add(Sum& sum, cluster::Index gpu, std::uint8_t state) const {
        if (isOverridden(state)) {
            sum.other = m_source.palette.overrides[state] ? m_source.palette.state[state] : m_empty;
            return;
        }
        ++sum.count;
        sum.share += shareOf(gpu, state);
    }

    [[nodiscard]] QRgb colourOf(const Sum& sum) const {
        return sum.count > 0 ? m_source.palette.ramp[(sum.share + sum.count / 2) / sum.count] : sum.other;
    }

    /// One colour for the rack; the worst of its GPUs in their own cells.
    void paintRackwise(const cluster::Rack& rack, QRgb* corner, std::vector<WorstMark>& worst) const {
        Sum sum;
        const std::size_t before = worst.size();
        for (Index gpu = rack.gpus.first; gpu < rack.gpus.end(); ++gpu) {
            const std::uint8_t state = stateOf(gpu);
            add(sum, gpu, state);
            if (worstByte(state)) {
                // A fault stands still too: it counts, although its own cell shows what it is.
                sum.count += 1;
                sum.share += m_source.frame ? shareOf(gpu, state) : 0;
                worst.push_back({gpu, static_cast<GpuState>(state)});
            }
        }
        fill(corner, colourOf(sum));
        showWorst(rack, corner, worst, before);
    }

    /// The mean of the quantity in every cell.
    void paintMeans(const cluster::Rack& rack, QRgb* corner, std::vector<Sum>& sums,
                    std::vector<WorstMark>& worst) const {
        std::fill(sums.begin(), sums.end(), Sum{0, 0, m_empty});
        const std::size_t before = worst.size();
        Index gpu = rack.gpus.first;
        for (int l = 0; gpu < rack.gpus.end(); ++l) {
            Sum* const row = sums.data() + lineOf(l) * m_map.x.cellsPerUnit;
            for (int c = 0; c < rack.columns && gpu < rack.gpus.end(); ++c, ++gpu) {
                const std::uint8_t state = stateOf(gpu);
                add(row[columnOf(c)], gpu, state);
                if (worstByte(state))
                    worst.push_back({gpu, static_cast<GpuState>(state)});
            }
        }
        const Sum* sum = sums.data();
        for (int y = 0; y < m_map.y.cellsPerUnit; ++y)
            for (int x = 0; x < m_map.x.cellsPerUnit; ++x, ++sum)
                corner[static_cast<std::ptrdiff_t>(y) * m_out.width + x] = colourOf(*sum);
        showWorst(rack, corner, worst, before);
    }

    void showWorst(const cluster::Rack& rack, QRgb* corner, const std::vector<WorstMark>& worst,
                   std::size_t from) const {
        for (std::size_t i = from; i < worst.size(); ++i) {
            const auto local = static_cast<int>(worst[i].gpu - rack.gpus.first);
            corner[lineOf(local / rack.columns) * m_out.width + columnOf(local % rack.columns)] =
                m_source.palette.state[static_cast<std::size_t>(worst[i].state)];
        }
    }

    void clear(QRgb* corner) const { fill(corner, m_empty); }

    /// Most racks are of one state most of the time. False if this one is not.
    bool paintUniform(const cluster::Rack& rack, QRgb* corner) const {
        const bool full = rack.gpus.count == static_cast<Index>(m_grid.columns * m_grid.lines);
        if (!full || !m_source.frame || m_source.palette.by != ColourBy::State)
            return false;
        const std::uint8_t* const state = m_source.frame->state.data() + rack.gpus.first;
        if (worstByte(*state) || *state != state[rack.gpus.count - 1] ||
            std::memcmp(state, state + 1, rack.gpus.count - 1) != 0)
            return false;
        fill(corner, m_source.palette.state[*state]);
        return true;
    }

    /// By state, where a cell is at most two lines high and a column wide. False if this rack is not so.
    bool paintPairs(const cluster::Rack& rack, QRgb* corner, std::vector<WorstMark>& worst) const {
        if (!m_inPairs || !m_source.frame || m_source.palette.by != ColourBy::State ||
            rack.gpus.count != static_cast<Index>(m_grid.columns * m_grid.lines))
            return false;
        const std::uint8_t* const state = m_source.frame->state.data() + rack.gpus.first;
        if ((pairRows(state, corner) & kMarked) == 0)
            return true;
        const std::size_t before = worst.size();
        for (Index gpu = rack.gpus.first; gpu < rack.gpus.end(); ++gpu)
            if (worstByte(stateOf(gpu)))
                worst.push_back({gpu, static_cast<GpuState>(stateOf(gpu))});
        showWorst(rack, corner, worst, before);
        return true;
    }

    /// All colours it wrote, in one word. Four columns at a time: states fit half a byte.
    QRgb pairRows(const std::uint8_t* state, QRgb* corner) const {
        constexpr std::uint32_t kLow = 0x0f0f0f0f;
        const auto columns = static_cast<std::size_t>(m_grid.columns);
        const QRgb* const pair = m_source.palette.pair.data();
        QRgb seen = 0;
        for (const auto& [first, last] : m_pairs) {
            const std::uint8_t* const upper = state + first * columns;
            const std::uint8_t* const lower = state + last * columns;
            std::size_t x = 0;
            for (; x + 4 <= columns; x += 4) {
                std::uint32_t a = 0;
                std::uint32_t b = 0;
                std::memcpy(&a, upper + x, 4);
                std::memcpy(&b, lower + x, 4);
                std::uint32_t both = (a & kLow) << 4 | (b & kLow);
                if constexpr (std::endian::native == std::endian::big)
                    both = both >> 24 | (both >> 8 & 0xff00) | (both << 8 & 0xff0000) | both << 24;
                QRgb* const to = corner + x;
                to[0] = pair[both & 255];
                to[1] = pair[both >> 8 & 255];
                to[2] = pair[both >> 16 & 255];
                to[3] = pair[both >> 24];
                seen |= to[0] | to[1] | to[2] | to[3];
            }
            for (; x < columns; ++x) {
                corner[x] = pair[(upper[x] & 15u) * 16 + (lower[x] & 15u)];
                seen |= corner[x];
            }
            corner += m_out.width;
        }
        return seen;
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
        const std::size_t before = worst.size();
        Index gpu = rack.gpus.first;
        for (int l = 0; gpu < rack.gpus.end(); ++l) {
            Light* const row = lights.data() + lineOf(l) * m_map.x.cellsPerUnit;
            for (int c = 0; c < rack.columns && gpu < rack.gpus.end(); ++c, ++gpu) {
                const std::uint8_t state = stateOf(gpu);
                row[columnOf(c)].add(lightOf(state));
                if (worstByte(state))
                    worst.push_back({gpu, static_cast<GpuState>(state)});
            }
        }
        const Light* light = lights.data();
        for (int y = 0; y < m_map.y.cellsPerUnit; ++y)
            for (int x = 0; x < m_map.x.cellsPerUnit; ++x, ++light)
                if (light->blueCount != 0)
                    corner[static_cast<std::ptrdiff_t>(y) * m_out.width + x] = meanOf(*light, m_tables);
        showWorst(rack, corner, worst, before);
    }

    [[nodiscard]] std::ptrdiff_t columnOf(int c) const { return m_cellOfColumn[static_cast<std::size_t>(c)]; }
    [[nodiscard]] std::ptrdiff_t lineOf(int l) const { return m_cellOfLine[static_cast<std::size_t>(l)]; }

    /// Of state or class: quantities are added up as such.
    [[nodiscard]] const Light& lightOf(std::uint8_t state) const {
        const Palette& palette = m_source.palette;
        return palette.by == ColourBy::State || palette.overrides[state] ? palette.stateLight[state]
                                                                         : m_classLight;
    }

    const Source& m_source;
    const HallGridView& m_grid;
    const HallMap& m_map;
    HallCells& m_out;
    QRgb m_empty;
    std::size_t m_class;
    QRgb m_classColour;
    Light m_classLight;
    bool m_rackwise;
    const MeanTables& m_tables;
    std::vector<int> m_cellOfColumn;
    std::vector<int> m_cellOfLine;
    bool m_inPairs = false; ///< no cell is wider than a column or higher than two lines
    std::vector<std::pair<std::size_t, std::size_t>> m_pairs; ///< first and last line of a cell
};

/// Lines of racks of one hall.
struct LineBand {
    std::size_t hall = 0, begin = 0, end = 0;
};
constexpr std::size_t kLinesOfABand = 16;

} // namespace

void HallCells::fit(const HallMap& hall) {
    width = hall.x.cellCount();
    height = hall.y.cellCount();
    colour.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
}

void colourCells(const FloorGeometry& geometry, const FloorMap& map, const operations::Frame* frame,
                 const Colouring& colouring, const Theme& theme, FloorCells& cells) {
    const std::size_t gpus = geometry.cluster->gpuCount;
    if (frame && (frame->state.size() != gpus || frame->utilisation.size() != gpus))
        frame = nullptr;
    const Palette palette(colouring, geometry.cluster->gpuClasses.size(), theme);
    const Source source{geometry, frame, palette, theme};
    cells.halls.resize(map.halls.size());
    std::vector<LinePainter> painters;
    painters.reserve(map.halls.size());
    std::vector<LineBand> bands;
    for (std::size_t h = 0; h < map.halls.size(); ++h) {
        const HallMap& hall = map.halls[h];
        HallCells& out = cells.halls[h];
        out.fit(hall);
        painters.emplace_back(source, geometry.halls[hall.grid], hall, out);
        for (std::size_t line = 0; line < hall.y.unitCount; line += kLinesOfABand)
            bands.push_back({h, line, std::min(line + kLinesOfABand, hall.y.unitCount)});
    }
    tbb::enumerable_thread_specific<std::vector<WorstMark>> found;
    tbb::parallel_for(std::size_t{0}, bands.size(), [&](std::size_t i) {
        auto& worst = found.local();
        for (std::size_t line = bands[i].begin; line != bands[i].end; ++line)
            painters[bands[i].hall].paint(line, worst);
    });
    cells.setWorst(found);
}

} // namespace atlas::scenes
