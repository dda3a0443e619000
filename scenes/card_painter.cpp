#include "scenes/card_painter.h"

#include "scenes/colour.h"
#include "scenes/label_paint.h"
#include "scenes/pattern.h"
#include "scenes/words.h"

#include <QFontMetricsF>

#include <algorithm>

namespace atlas::scenes {

namespace {

using operations::GpuState;

constexpr double kStripe = 3; // at the left, full in the state's colour
constexpr double kBar = 4;    // of utilisation
constexpr int kMostTexts = 4000;

/// "waiting": the first words of the state.
QString shortState(GpuState state) {
    return state == GpuState::Waiting ? tr("waiting") : stateLabel(state).section(QLatin1Char(':'), 0, 0);
}

bool isAtWork(GpuState state) {
    return state != GpuState::Unpowered && state != GpuState::Idle;
}

} // namespace

CardPainter::CardPainter(const Theme& theme)
    : m_theme(theme)
    , m_strong(makeFace(TextRole::Strong))
    , m_label(makeFace(TextRole::Label)) {
    for (std::size_t s = 0; s < m_swatches.size(); ++s)
        m_swatches[s] = swatchImage(theme, theme.states[s]);
}

CardPainter::Face CardPainter::makeFace(TextRole role) const {
    const QFont font = m_theme.font(role);
    return {font, QFontMetricsF(font).height(), {}};
}

const QStaticText& CardPainter::laidOut(Face& face, const QString& text, double width) {
    if (face.texts.size() > kMostTexts)
        face.texts.clear();
    QStaticText& whole = face.texts[text];
    if (whole.text().isEmpty()) {
        whole = QStaticText(text);
        whole.setTextFormat(Qt::PlainText);
        whole.prepare({}, face.font);
    }
    if (whole.size().width() <= width)
        return whole;
    QStaticText& cut = face.texts[text + QChar(0) + QString::number(static_cast<int>(width))];
    if (cut.text().isEmpty()) {
        cut = QStaticText(QFontMetricsF(face.font).elidedText(text, Qt::ElideRight, width) + QChar(0x200b));
        cut.setTextFormat(Qt::PlainText);
        cut.prepare({}, face.font);
    }
    return cut;
}

bool CardPainter::line(QPainter& painter, Face& face, QRectF& inner, const QString& text,
                       const QColor& colour) {
    if (inner.height() < face.height)
        return false;
    painter.setFont(face.font);
    painter.setPen(colour);
    painter.drawStaticText(inner.topLeft(), laidOut(face, text, inner.width()));
    inner.setTop(inner.top() + face.height + 1);
    return true;
}

void CardPainter::paint(QPainter& painter, const Card& card) {
    const StateStyle& style = m_theme.state(card.state);
    const bool atWork = isAtWork(card.state);
    painter.setOpacity(card.opacity);
    painter.fillRect(card.rect, mixed(m_theme.raised, style.colour, atWork ? 0.13 : 0.4));
    painter.fillRect(QRectF(card.rect.topLeft(), QSizeF(kStripe, card.rect.height())), style.colour);

    const double pad = std::clamp(card.rect.width() * 0.06, 3.0, 8.0);
    QRectF inner = card.rect.adjusted(pad + kStripe, 0.7 * pad, -pad, -0.7 * pad);
    if (card.hasFrame && atWork) {
        const QRectF track(inner.left(), inner.bottom() - kBar, inner.width(), kBar);
        painter.fillRect(track, m_theme.line);
        painter.fillRect(QRectF(track.topLeft(), QSizeF(track.width() * card.utilisation, kBar)),
                         style.colour);
        inner.setBottom(track.top() - 2);
    }
    const double free = inner.width() - laidOut(m_strong, card.place, inner.width()).size().width();
    const QStaticText& tray = laidOut(m_label, card.tray, inner.width());
    if (free > tray.size().width() + 8 && inner.height() >= m_strong.height) {
        painter.setFont(m_label.font);
        painter.setPen(m_theme.quietText);
        painter.drawStaticText(QPointF(inner.right() - tray.size().width(), inner.top() + 1), tray);
    }
    line(painter, m_strong, inner, card.place, m_theme.text);

    const double side = m_label.height - 4;
    if (inner.height() >= m_label.height && inner.width() > side + 12) {
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        painter.drawImage(QRectF(inner.left(), inner.top() + 2, side, side),
                          m_swatches[static_cast<std::size_t>(card.state)]);
        QRectF beside = inner.adjusted(side + 4, 0, 0, 0);
        line(painter, m_label, beside, shortState(card.state), atWork ? style.colour : m_theme.quietText);
        inner.setTop(beside.top());
    }
    if (card.hasFrame && atWork) {
        const QString share = percent(card.utilisation);
        line(painter, m_label, inner, inner.width() > 90 ? tr("%1 utilised").arg(share) : share,
             captionColour(m_theme));
    }
    for (const QString& words : {card.physics, card.groups})
        if (!words.isEmpty())
            line(painter, m_label, inner, words, captionColour(m_theme));
    line(painter, m_label, inner, card.gpuClass, m_theme.quietText);
}

} // namespace atlas::scenes
