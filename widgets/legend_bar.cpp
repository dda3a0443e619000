#include "widgets/legend_bar.h"

#include "scenes/blame_look.h"
#include "scenes/pattern.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace atlas::widgets {

namespace {

constexpr int kSwatch = 11;
constexpr int kLine = 20;
constexpr int kGap = 18; ///< between entries
constexpr int kRampWidth = 120;

} // namespace

scenes::Legend joined(scenes::Legend first, const scenes::Legend& second) {
    if (first.entries.empty() && !first.hasRamp) {
        return second;
    }
    for (const scenes::LegendEntry& entry : second.entries) {
        if (std::ranges::find(first.entries, entry.label, &scenes::LegendEntry::label) !=
            first.entries.end()) {
            continue;
        }
        const auto before = entry.blame
                                ? first.entries.end()
                                : std::ranges::find_if(first.entries, [](const scenes::LegendEntry& other) {
                                      return other.blame.has_value();
                                  });
        first.entries.insert(before, entry);
    }
    return first;
}

LegendBar::LegendBar(QWidget* parent)
    : QWidget(parent) {
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("Legend"));
}

void LegendBar::setLegend(const scenes::Legend& legend) {
    m_legend = legend;
    QStringList words;
    for (const auto& entry : legend.entries) {
        words.append(entry.label);
    }
    setAccessibleDescription(legend.hasRamp ? tr("from %1 to %2").arg(legend.rampLow, legend.rampHigh)
                                            : words.join(QStringLiteral(", ")));
    updateGeometry();
    update();
}

void LegendBar::setTheme(const Theme& theme) {
    m_theme = std::make_unique<Theme>(theme);
    setFont(theme.font(TextRole::Label));
    update();
}

void LegendBar::setNote(const QString& note) {
    m_note = note;
    updateGeometry();
    update();
}

void LegendBar::setReserved(int pixels) {
    m_reserved = pixels;
    updateGeometry();
    update();
}

QSize LegendBar::sizeHint() const {
    return {400, heightForWidth(std::max(width(), 400))};
}

int LegendBar::heightForWidth(int width) const {
    return lay(width, nullptr);
}

void LegendBar::paintEvent(QPaintEvent*) {
    if (m_theme) {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        lay(width(), &painter);
    }
}

int LegendBar::lay(int width, QPainter* painter) const {
    const QFontMetrics metrics(font());
    int x = 0;
    int y = 0;
    const auto room = [&](int wanted) {
        if (x + wanted > (y == 0 ? width - m_reserved : width) && x > 0) {
            x = 0;
            y += kLine;
        }
    };
    const auto write = [&](const QString& words, const QColor& colour) {
        if (painter != nullptr) {
            painter->setPen(colour);
            painter->drawText(QRect(x, y, metrics.horizontalAdvance(words) + 2, kLine),
                              Qt::AlignLeft | Qt::AlignVCenter, words);
        }
        x += metrics.horizontalAdvance(words);
    };
    const QColor quiet = m_theme ? m_theme->quietText : QColor();
    const QColor plain = m_theme ? m_theme->text : QColor();
    if (m_legend.hasRamp) {
        const int wanted = metrics.horizontalAdvance(m_legend.rampLow + m_legend.rampHigh) + kRampWidth + 12;
        room(wanted);
        write(m_legend.rampLow, plain);
        x += 6;
        if (painter != nullptr) {
            for (int i = 0; i < kRampWidth; ++i) {
                painter->fillRect(
                    QRect(x + i, y + (kLine - 8) / 2, 1, 8),
                    QColor::fromRgb(m_legend.ramp[static_cast<std::size_t>(i * 255 / (kRampWidth - 1))]));
            }
        }
        x += kRampWidth + 6;
        write(m_legend.rampHigh, plain);
        x += kGap;
    }
    for (const auto& entry : m_legend.entries) {
        room(kSwatch + 6 + metrics.horizontalAdvance(entry.label));
        if (painter != nullptr) {
            const QRectF swatch(x, y + (kLine - kSwatch) / 2.0, kSwatch, kSwatch);
            if (entry.blame) {
                scenes::paintBlameMark(*painter, swatch, *entry.blame, true, *m_theme);
            } else {
                scenes::paintSwatch(*painter, swatch, *m_theme, {entry.colour, entry.pattern});
            }
        }
        x += kSwatch + 6;
        write(entry.label, plain);
        x += kGap;
    }
    for (const QString& words : {m_legend.note, m_note}) {
        if (words.isEmpty()) {
            continue;
        }
        const int wanted = metrics.horizontalAdvance(words);
        room(wanted);
        if (&words == &m_note || words == m_note) {
            x = std::max(x, width - wanted - 2);
        }
        write(words, quiet);
        x += kGap;
    }
    return y + kLine;
}

} // namespace atlas::widgets
