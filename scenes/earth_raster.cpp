// The Earth shaded on the processor. Light, air and the place on the map are worked out at nodes eight pixels
// apart and filled in between, in straight lines; shores and graticule are looked at in every pixel. What is
// not smooth enough for that is shaded pixel by pixel: the rim and the air beyond it, the poles, the edge of
// the map. A test holds both ways together.
#include "scenes/earth_shader.h"
#include "scenes/land_map.h"
#include "scenes/pane_rows.h"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

namespace atlas::scenes {

namespace {

constexpr int kCell = 8;              // pixels
constexpr float kMostOffPx = 0.25f;   // that a straight line may miss the ground by
constexpr float kMostLatitude = 1.3f; // radians; nearer to a pole meridians bend too much
constexpr float kSmoothAir = 0.0025f; // radii of a cell below which the glow is straight within a grey level
constexpr double kLeastEarthPx = 256; // a smaller one is not worth its nodes
constexpr int kBlock = 8;             // map cells a side of a block that is all sea, all land or mixed

// Channels of a node, filled in between nodes.
enum Channel : std::size_t {
    U,
    V,
    Sea,
    Land = Sea + 3,
    Line = Land + 3,
    LineShare = Line + 3,
    LonWidth,
    LatWidth
};
using Channels = std::array<float, 16>; // a whole number of vector registers

struct Node {
    Channels value{};
    bool ground = false; ///< smooth ground
    bool air = false;    ///< smooth air and no ground
    bool space = false;  ///< nothing there
};

enum class Shore : std::uint8_t { Sea, Land, Mixed };

/// Which parts of the map hold a shore. A block speaks for itself and for the map cells around it.
class Shores {
public:
    explicit Shores(const QImage& land)
        : m_columns(land.width() / kBlock)
        , m_rows(land.height() / kBlock)
        , m_blocks(static_cast<std::size_t>(m_columns * m_rows)) {
        for (int row = 0; row < m_rows; ++row)
            for (int column = 0; column < m_columns; ++column)
                m_blocks[static_cast<std::size_t>(row * m_columns + column)] =
                    within(land, QRect(column * kBlock - 1, row * kBlock - 1, kBlock + 2, kBlock + 2));
    }

    /// Of the map cells that touch a rectangle of it.
    [[nodiscard]] Shore in(float left, float top, float right, float bottom) const {
        const auto block = [](float cell, int most) {
            return std::clamp(static_cast<int>(cell) / kBlock, 0, most - 1);
        };
        const int firstColumn = block(left, m_columns);
        const int firstRow = block(top, m_rows);
        const Shore first = at(firstRow, firstColumn);
        for (int row = firstRow; row <= block(bottom, m_rows); ++row)
            for (int column = firstColumn; column <= block(right, m_columns); ++column)
                if (at(row, column) != first)
                    return Shore::Mixed;
        return first;
    }

private:
    [[nodiscard]] Shore at(int row, int column) const {
        return m_blocks[static_cast<std::size_t>(row * m_columns + column)];
    }
    [[nodiscard]] static Shore within(const QImage& land, const QRect& cells) {
        uchar least = 255;
        uchar most = 0;
        for (int y = std::max(0, cells.top()); y <= std::min(land.height() - 1, cells.bottom()); ++y)
            for (int x = cells.left(); x <= cells.right(); ++x) {
                const uchar cell = land.constScanLine(y)[(x + land.width()) % land.width()];
                least = std::min(least, cell);
                most = std::max(most, cell);
            }
        return most == 0 ? Shore::Sea : least == 255 ? Shore::Land : Shore::Mixed;
    }

    int m_columns, m_rows;
    std::vector<Shore> m_blocks;
};

/// Of the bundled map; worked out once.
const Shores& shores() {
    static const Shores made(landMap());
    return made;
}

class Raster {
public:
    Raster(const EarthShading& shading, QImage& picture)
        : m_shader(shading, landMap())
        , m_shores(shores())
        , m_land(landMap())
        , m_ratio(shading.view.viewport().devicePixelRatio)
        , m_pixel(static_cast<float>(1 / m_ratio))
        , m_middle(shading.view.viewport().rect().center())
        , m_space(EarthShader::packed(shading.colours.space))
        , m_stride(picture.bytesPerLine() / 4)
        , m_pixels(reinterpret_cast<QRgb*>(picture.bits()))
        , m_rows(rectInPane(picture)) {
        const QRectF part = shading.view.earthRect(kAirM);
        const QRect pane(QPoint(0, 0), shading.view.viewport().deviceSize());
        m_rect = QRectF(part.topLeft() * m_ratio, part.size() * m_ratio).toAlignedRect() & pane;
        m_smooth = std::min(part.width(), part.height()) * m_ratio >= kLeastEarthPx;
    }

    void paint() const {
        // The nodes of a picture of some rows are those of the whole pane.
        const int firstBand = m_rows.top() / kCell;
        const int lastBand = m_rows.bottom() / kCell;
        tbb::parallel_for(tbb::blocked_range<int>(firstBand, lastBand + 1, 4), [&](const auto& some) {
            std::vector<Node> upper;
            std::vector<Node> lower;
            for (int band = some.begin(); band != some.end(); ++band) {
                const int top = band * kCell;
                const QRect strip = QRect(m_rows.left(), top, m_rows.width(), kCell) & m_rows;
                for (int y = strip.top(); y <= strip.bottom(); ++y)
                    clear(y);
                if ((strip & m_rect).isEmpty())
                    continue;
                if (band == some.begin() || upper.empty())
                    upper = nodesAt(top);
                else
                    upper.swap(lower);
                lower = nodesAt(top + kCell);
                for (std::size_t i = 0; i + 1 < upper.size(); ++i) {
                    const int left = m_rect.left() + static_cast<int>(i) * kCell;
                    const QRect cell = QRect(left, top, kCell, kCell) & strip & m_rect;
                    paintCell(cell, {left, top}, {&upper[i], &upper[i + 1], &lower[i], &lower[i + 1]});
                }
            }
        });
    }

private:
    using Corners = std::array<const Node*, 4>; ///< upper left and right, lower left and right

    [[nodiscard]] QRgb* line(int y) const {
        return m_pixels + static_cast<std::ptrdiff_t>(y - m_rows.top()) * m_stride;
    }

    /// Everything beside the Earth.
    void clear(int y) const {
        const bool crossed = y >= m_rect.top() && y <= m_rect.bottom() && !m_rect.isEmpty();
        std::fill(line(y), line(y) + (crossed ? m_rect.left() : m_rows.width()), m_space);
        if (crossed)
            std::fill(line(y) + m_rect.right() + 1, line(y) + m_rows.width(), m_space);
    }

    [[nodiscard]] float across(double x) const {
        return static_cast<float>((x + 0.5) / m_ratio - m_middle.x());
    }
    [[nodiscard]] float down(double y) const {
        return static_cast<float>((y + 0.5) / m_ratio - m_middle.y());
    }

    [[nodiscard]] std::vector<Node> nodesAt(int y) const {
        std::vector<Node> nodes(static_cast<std::size_t>((m_rect.width() + kCell - 1) / kCell) + 1);
        for (std::size_t i = 0; m_smooth && i < nodes.size(); ++i)
            nodes[i] = nodeAt(across(m_rect.left() + static_cast<double>(i) * kCell), down(y));
        return nodes;
    }

    [[nodiscard]] Node nodeAt(float x, float y) const {
        Node node;
        const auto ground = m_shader.groundAt(x, y, m_pixel);
        const auto put = [&c = node.value](std::size_t at, const EarthColours::Rgb& colour) {
            c[at] = colour.r;
            c[at + 1] = colour.g;
            c[at + 2] = colour.b;
        };
        if (!ground) {
            const auto air = m_shader.airAt(x, y, m_pixel);
            node.space = !air;
            node.air = air && air->covered <= 0 && kCell * air->grain < kSmoothAir;
            if (node.air)
                put(Sea, air->colour);
            return node;
        }
        // Over h radii a straight line misses the circle by h^2 / 8 / facing^3 along the ground, of which one
        // sees `facing` as much.
        const float offPx = kCell * kCell / 8.0f * ground->grain / (ground->facing * ground->facing);
        node.ground = offPx < kMostOffPx && std::fabs(ground->lat) < kMostLatitude;
        constexpr float kPi = std::numbers::pi_v<float>;
        Channels& c = node.value;
        c[U] = (ground->lon / (2 * kPi) + 0.5f) * static_cast<float>(m_land.width()) - 0.5f;
        c[V] = (0.5f - ground->lat / kPi) * static_cast<float>(m_land.height()) - 0.5f;
        put(Sea, ground->sea);
        put(Land, ground->land);
        put(Line, ground->line);
        c[LineShare] = ground->lineShare;
        c[LonWidth] = ground->lonWidth;
        c[LatWidth] = ground->latWidth;
        return node;
    }

    void paintCell(const QRect& cell, QPoint origin, const Corners& corners) const {
        if (std::ranges::all_of(corners, &Node::space)) {
            for (int y = cell.top(); y <= cell.bottom(); ++y)
                std::fill(line(y) + cell.left(), line(y) + cell.right() + 1, m_space);
            return;
        }
        std::array<Channels, 4> values;
        if (std::ranges::all_of(corners, &Node::air)) {
            std::ranges::transform(corners, values.begin(), &Node::value);
            for (int y = cell.top(); y <= cell.bottom(); ++y)
                fillRow(line(y) + origin.x(), cell.left() - origin.x(), cell.right() - origin.x(),
                        static_cast<float>(y - origin.y()) / kCell, values, {Shore::Sea});
            return;
        }
        if (!std::ranges::all_of(corners, &Node::ground) || !onOnePiece(corners, values)) {
            for (int y = cell.top(); y <= cell.bottom(); ++y)
                for (int x = cell.left(); x <= cell.right(); ++x)
                    line(y)[x] = EarthShader::packed(m_shader.at(across(x), down(y), m_pixel));
            return;
        }
        const auto extremes = [&](std::size_t channel) {
            return std::minmax(
                {values[0][channel], values[1][channel], values[2][channel], values[3][channel]});
        };
        const auto [left, right] = extremes(U);
        const auto [top, bottom] = extremes(V);
        const Shore shore = m_shores.in(left, top, right, bottom);
        const Look look{shore, isLined(degreesOfU(left), degreesOfU(right), extremes(LonWidth).second),
                        isLined(degreesOfV(bottom), degreesOfV(top), extremes(LatWidth).second)};
        for (int y = cell.top(); y <= cell.bottom(); ++y)
            fillRow(line(y) + origin.x(), cell.left() - origin.x(), cell.right() - origin.x(),
                    static_cast<float>(y - origin.y()) / kCell, values, look);
    }

    /// The corners' channels, with columns of the map that run on; false where the cell lies across its edge.
    [[nodiscard]] bool onOnePiece(const Corners& corners, std::array<Channels, 4>& values) const {
        const auto columns = static_cast<float>(m_land.width());
        const float turn = std::floor(corners[0]->value[U] / columns) * columns;
        for (std::size_t i = 0; i < 4; ++i) {
            values[i] = corners[i]->value;
            float& u = values[i][U];
            u -= turn;
            u += columns * std::round((values[0][U] - u) / columns);
            if (u < 0 || u >= columns - 1)
                return false;
        }
        return true;
    }

    [[nodiscard]] float degreesOfU(float u) const {
        return ((u + 0.5f) / static_cast<float>(m_land.width()) - 0.5f) * 360;
    }
    [[nodiscard]] float degreesOfV(float v) const {
        return (0.5f - (v + 0.5f) / static_cast<float>(m_land.height())) * 180;
    }

    /// Whether a graticule line comes near an interval of angles.
    [[nodiscard]] static bool isLined(float low, float high, float width) {
        const float reach = 1.1f * width;
        const float next =
            std::ceil((low - reach) / EarthShader::kGraticuleStep) * EarthShader::kGraticuleStep;
        return next <= high + reach;
    }

    [[nodiscard]] float landAt(float u, float v) const {
        const auto left = static_cast<int>(u);
        const auto top = static_cast<int>(v);
        const float du = u - static_cast<float>(left);
        const float dv = v - static_cast<float>(top);
        const uchar* const upper = m_land.constBits() + top * m_land.bytesPerLine() + left;
        const uchar* const lower = upper + m_land.bytesPerLine();
        const auto one = static_cast<float>(upper[0]) + static_cast<float>(upper[1] - upper[0]) * du;
        const auto two = static_cast<float>(lower[0]) + static_cast<float>(lower[1] - lower[0]) * du;
        return EarthShader::shoreOf((one + (two - one) * dv) / 255);
    }

    /// What has to be looked at in the pixels of a cell.
    struct Look {
        Shore shore = Shore::Mixed;
        bool meridian = false, parallel = false; ///< one comes near
    };

    void fillRow(QRgb* to, int first, int last, float t, const std::array<Channels, 4>& corner,
                 const Look& look) const {
        Channels now;
        Channels step;
        for (std::size_t k = 0; k < now.size(); ++k) {
            const float left = corner[0][k] + (corner[2][k] - corner[0][k]) * t;
            const float right = corner[1][k] + (corner[3][k] - corner[1][k]) * t;
            step[k] = (right - left) / kCell;
            now[k] = left + step[k] * static_cast<float>(first);
        }
        const bool lined = look.meridian || look.parallel;
        if (look.shore != Shore::Mixed && !lined) {
            const std::size_t ground = look.shore == Shore::Sea ? Sea : Land;
            fillSmooth(to, first, last, &now[ground], &step[ground]);
            return;
        }
        const auto colour = [&now](std::size_t at) {
            return EarthColours::Rgb{now[at], now[at + 1], now[at + 2]};
        };
        EarthGround ground;
        for (int x = first; x <= last; ++x) {
            const float land = look.shore == Shore::Mixed ? landAt(now[U], now[V])
                               : look.shore == Shore::Sea ? 0.0f
                                                          : 1.0f;
            ground.sea = colour(Sea);
            ground.land = colour(Land);
            ground.line = colour(Line);
            ground.lineShare = now[LineShare];
            float graticule = 0;
            if (look.meridian)
                graticule = EarthShader::graticuleAt(degreesOfU(now[U]), now[LonWidth]);
            if (look.parallel)
                graticule = std::max(graticule, EarthShader::graticuleAt(degreesOfV(now[V]), now[LatWidth]));
            to[x] = EarthShader::packed(EarthShader::colourOf(ground, land, graticule));
            for (std::size_t k = 0; k < now.size(); ++k)
                now[k] += step[k];
        }
    }

    /// One colour into another, in whole numbers: 16 bits beside a channel's 8.
    static void fillSmooth(QRgb* to, int first, int last, const float* from, const float* step) {
        constexpr float kOne = 255.0f * 65536.0f;
        const auto whole = [](float v) { return static_cast<std::int32_t>(v * kOne); };
        std::array<std::int32_t, 3> now{};
        std::array<std::int32_t, 3> each{};
        for (std::size_t k = 0; k < 3; ++k) {
            now[k] = whole(from[k]) + 0x8000;
            each[k] = whole(step[k]);
        }
        for (int x = first; x <= last; ++x) {
            to[x] = 0xff000000u | (static_cast<std::uint32_t>(now[0]) & 0xff0000u) |
                    (static_cast<std::uint32_t>(now[1]) >> 8 & 0xff00u) |
                    static_cast<std::uint32_t>(now[2]) >> 16;
            for (std::size_t k = 0; k < 3; ++k)
                now[k] += each[k];
        }
    }

    EarthShader m_shader;
    const Shores& m_shores;
    const QImage& m_land;
    double m_ratio;
    float m_pixel;
    QPointF m_middle;
    QRgb m_space;
    std::ptrdiff_t m_stride;
    QRgb* m_pixels;
    QRect m_rows; ///< of the pane, that the picture shows
    QRect m_rect;
    bool m_smooth = false; ///< there is room for nodes
};

} // namespace

void paintEarth(const EarthShading& shading, QImage& picture) {
    Raster(shading, picture).paint();
}

} // namespace atlas::scenes
