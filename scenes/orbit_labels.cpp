// Names and cards of the orbit scene, the most important first; none overlaps another.
#include "scenes/label_paint.h"
#include "scenes/label_placer.h"
#include "scenes/orbit_overlay.h"
#include "scenes/time_ticks.h"
#include "scenes/words.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace atlas::scenes {

namespace {

using operations::GpuState;

constexpr double kMargin = 12;
constexpr double kCardFromPx = 60;       // tip to tip: whoever comes this near wants to read
constexpr double kPartNamesFromPx = 240; // room to point at the parts
constexpr int kMostCallouts = 3;
constexpr int kMostWeighed = 1000; // satellites whose power and heat are added up

class Labeller {
public:
    Labeller(const OrbitPane& pane, const OrbitOptions& options, int focus, OrbitPicture& picture)
        : m_pane(pane)
        , m_options(options)
        , m_focus(focus)
        , m_picture(picture)
        , m_label(pane.theme.font(TextRole::Label))
        , m_placer(pane.view.viewport().rect().adjusted(2, 2, -2, -2)) {}

    void run() {
        addCard();
        if (!m_options.labels)
            return;
        addWorst();
        addSummary();
        addSun();
        addParts();
        addSelected();
    }

private:
    [[nodiscard]] QSizeF sizeOf(const QString& text, const QString& quiet = {}) const {
        return {std::ceil(m_label.horizontalAdvance(text) + m_label.horizontalAdvance(quiet)),
                std::ceil(m_label.height())};
    }

    /// Takes the first free place; false where there is none.
    bool place(OrbitLabel label, const std::vector<QRectF>& choices) {
        const int chosen = m_placer.placeFirst(choices);
        if (chosen < 0)
            return false;
        label.rect = choices[static_cast<std::size_t>(chosen)];
        m_picture.labels.push_back(std::move(label));
        return true;
    }

    static std::vector<QRectF> around(const QPointF& at, const QSizeF& size,
                                      std::initializer_list<double> ways) {
        std::vector<QRectF> choices;
        for (const double way : ways)
            for (const auto& [x, y] :
                 {std::pair{1, 0}, std::pair{-1, 0}, std::pair{1, -1}, std::pair{-1, -1}, std::pair{1, 1},
                  std::pair{-1, 1}, std::pair{0, -1}, std::pair{0, 1}}) {
                const QPointF middle =
                    at + QPointF(x * (way + size.width() / 2), y * (way + size.height() / 2));
                choices.emplace_back(middle - QPointF(size.width(), size.height()) / 2, size);
            }
        return choices;
    }

    void addCard() {
        const int selected = satelliteOf(m_pane.flown, m_options.selected);
        const bool near = !m_picture.close.empty() && m_picture.close.back().satellite == m_focus &&
                          m_picture.close.back().body.spanPx >= kCardFromPx;
        const int shown = near ? m_focus : selected;
        if (shown < 0)
            return;
        const QSizeF size = cardSize(satelliteCard(m_pane, shown), m_pane.theme);
        OrbitLabel label;
        label.manner = OrbitLabel::Manner::Card;
        if (place(label, {QRectF(QPointF(kMargin, kMargin), size)}))
            m_picture.carded = shown;
    }

    /// The worst in words, culprits before faults.
    void addWorst() {
        std::vector<const Bead*> worst;
        for (const Bead& bead : m_picture.beads)
            if (bead.worst >= 0)
                worst.push_back(&bead);
        std::stable_sort(worst.begin(), worst.end(), [](const Bead* a, const Bead* b) {
            return a->light.worst == GpuState::Culprit && b->light.worst != GpuState::Culprit;
        });
        const bool near = m_picture.carded >= 0 && m_picture.carded == m_focus;
        if (near)
            std::erase_if(worst, [](const Bead* bead) { return bead->hidden; }); // their marks are enough
        for (const CloseUp& close : m_picture.close)
            if (close.satellite == m_focus && close.body.spanPx >= kCardFromPx)
                m_placer.block(busOf(close));
        for (const Bead* bead : worst)
            m_placer.block(QRectF(bead->at - QPointF(8, 8), QSizeF(16, 16)));
        int named = 0;
        for (const Bead* bead : worst) {
            if (named >= kMostCallouts)
                break;
            OrbitLabel label;
            label.from = bead->at;
            const bool callout = bead->light.worst == GpuState::Culprit && !m_options.calloutTitle.isEmpty();
            if (callout) {
                label.manner = OrbitLabel::Manner::Callout;
                label.text = m_options.calloutTitle;
                label.quiet = m_options.calloutDetail;
            } else {
                label.text = tr("Satellite %1").arg(bead->worst + 1);
                label.quiet = QStringLiteral(" · ") + stateLabel(*bead->light.worst).section(':', 0, 0) +
                              (bead->hidden ? tr(", behind the Earth") : QString());
                label.colour = m_pane.theme.state(*bead->light.worst).colour;
            }
            const QSizeF size = callout ? calloutSize(label.text, label.quiet, m_pane.theme)
                                        : sizeOf(label.text, label.quiet);
            named += place(label, around(bead->at, size, {14, 30, 60, 110, 180})) ? 1 : 0;
        }
    }

    static QRectF busOf(const CloseUp& close) {
        const auto& corners = close.body.cells.corners;
        return QPolygonF(QVector<QPointF>(corners.begin(), corners.end())).boundingRect();
    }

    /// "2.1 MW from the Sun, 0.3 MW of it into batteries; 1.8 MW of heat radiated": all satellites together.
    [[nodiscard]] QString balance() const {
        const orbit::Constellation& flown = m_pane.flown;
        // They are evenly spaced: of very many some stand for all.
        const int step = std::max(1, flown.count() / kMostWeighed);
        double arrayW = 0;
        double batteryW = 0; // out of the batteries; negative: charging
        double heatW = 0;
        for (int i = 0; i < flown.count(); i += step) {
            if (m_pane.moment.timeS < flown.launchedS(i))
                continue;
            const double stands = std::min(step, flown.count() - i);
            const orbit::Balance now = flown.balance(m_pane.moment.timeS, i);
            arrayW += stands * now.arrayW;
            batteryW += stands * now.batteryW;
            heatW += stands * now.heatW;
        }
        const auto watts = [](double w) { return withPrefix(w, QStringLiteral("W")); };
        const double least = 1e-3 * std::max(arrayW, heatW); // else the batteries rest
        QString words = tr("%1 from the Sun").arg(watts(arrayW));
        if (batteryW > least)
            words += tr(", %1 from batteries").arg(watts(batteryW));
        else if (batteryW < -least)
            words += tr(", %1 of it into batteries").arg(watts(-batteryW));
        return words + tr("; %1 of heat radiated").arg(watts(heatW));
    }

    void addSummary() {
        const orbit::Constellation& flown = m_pane.flown;
        const auto shadowed = std::count(m_pane.moment.shadow.begin(), m_pane.moment.shadow.end(), true);
        const QString first = tr("%1 satellites").arg(grouped(flown.count()));
        const QString quiet = tr(" of %1 GPUs · %2 km · once round in %3")
                                  .arg(flown.site().gpusPerSatellite)
                                  .arg(grouped(std::lround(flown.site().altitudeM.value / 1000)))
                                  .arg(lengthText(orbit::periodS(flown.site().altitudeM.value)));
        const QString second =
            shadowed == 0 ? tr("all in sunlight")
                          : (flown.pausesInShadow() ? tr("%1 in sunlight, %2 paused in the Earth's shadow")
                                                    : tr("%1 in sunlight, %2 in the Earth's shadow"))
                                .arg(grouped(flown.count() - shadowed), grouped(shadowed));
        const double high = std::ceil(m_label.height());
        const double bottom = m_pane.view.viewport().rect().bottom() - kMargin;
        OrbitLabel label;
        label.text = second;
        label.quiet = QStringLiteral(" · ") + balance();
        label.colour = shadowed == 0 ? captionColour(m_pane.theme) : m_pane.theme.text;
        if (!place(label, {QRectF(QPointF(kMargin, bottom - high), sizeOf(second, label.quiet))})) {
            label.quiet.clear();
            place(label, {QRectF(QPointF(kMargin, bottom - high), sizeOf(second))});
        }
        label.text = first;
        label.quiet = quiet;
        label.colour = m_pane.theme.text;
        // The figures give way before the number of satellites does.
        if (!place(label, {QRectF(QPointF(kMargin, bottom - 2 * high - 3), sizeOf(first, quiet))})) {
            label.quiet.clear();
            place(label, {QRectF(QPointF(kMargin, bottom - 2 * high - 3), sizeOf(first))});
        }
    }

    void addSun() {
        const auto at = sunMark(m_pane);
        if (!at)
            return;
        m_placer.block(QRectF(*at - QPointF(11, 11), QSizeF(22, 22)));
        OrbitLabel label;
        label.text = tr("Sun");
        label.colour = captionColour(m_pane.theme);
        place(label, around(*at, sizeOf(label.text), {16}));
    }

    void addParts() {
        if (m_picture.close.empty() || m_picture.close.back().body.spanPx < kPartNamesFromPx)
            return;
        const CloseUp& close = m_picture.close.back();
        const orbit::Satellite& sized = m_pane.flown.sized(close.satellite);
        const auto square = [](double m2) {
            return QString::number(std::lround(m2)) + QStringLiteral(" m²");
        };
        const std::array<std::pair<QString, QString>, 3> words = {
            std::pair{tr("Solar array"), square(sized.arrayM2)},
            std::pair{tr("Radiator, edge on to the Sun"), square(sized.radiatorM2)},
            std::pair{tr("Bus"), tr("%1 GPUs").arg(m_pane.flown.gpusOf(close.satellite).count)}};
        for (std::size_t part = 0; part < words.size(); ++part) {
            OrbitLabel label;
            label.from = close.body.anchors[part];
            label.text = words[part].first;
            label.quiet = QStringLiteral(" · ") + words[part].second;
            label.colour = m_pane.theme.text;
            if (m_pane.view.viewport().rect().contains(label.from))
                place(label, around(label.from, sizeOf(label.text, label.quiet), {46, 80, 130}));
        }
    }

    void addSelected() {
        const int satellite = satelliteOf(m_pane.flown, m_options.selected);
        const bool close = std::any_of(m_picture.close.begin(), m_picture.close.end(),
                                       [&](const CloseUp& c) { return c.satellite == satellite; });
        if (satellite < 0 || close)
            return;
        const Vector& spot = m_pane.moment.places[static_cast<std::size_t>(satellite)];
        const auto seen = m_pane.view.seen(spot);
        if (!seen || !m_pane.view.viewport().rect().contains(seen->at))
            return;
        OrbitLabel label;
        label.text = tr("Satellite %1").arg(satellite + 1);
        label.colour = m_pane.theme.text;
        if (m_pane.view.hidden(spot))
            label.quiet = tr(" behind the Earth");
        place(label, around(seen->at, sizeOf(label.text, label.quiet), {14, 28}));
    }

    const OrbitPane& m_pane;
    const OrbitOptions& m_options;
    int m_focus;
    OrbitPicture& m_picture;
    QFontMetricsF m_label;
    LabelPlacer m_placer;
};

} // namespace

void labelOrbit(const OrbitPane& pane, const OrbitOptions& options, int focus, OrbitPicture& picture) {
    Labeller(pane, options, focus, picture).run();
}

} // namespace atlas::scenes
