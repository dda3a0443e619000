#include "scenes/blame_look.h"

#include "scenes/colour.h"
#include "scenes/pattern.h"

#include <QCoreApplication>

namespace atlas::scenes {

namespace {

using operations::GpuState;
using operations::Group;

constexpr double kOutline = 1.6; ///< device-independent pixels
constexpr int kFaintAlpha = 150;
constexpr double kPaler = 0.5; ///< of an expert group's accent, towards the text

QString tr(const char* text) {
    return QCoreApplication::translate("BlameChain", text);
}

} // namespace

QString blameLabel(Group group) {
    switch (group) {
    case Group::Own:
        return tr("culprit");
    case Group::Tensor:
        return tr("its tensor group");
    case Group::Context:
        return tr("its context group");
    case Group::Expert:
        return tr("its expert group");
    case Group::Pipeline:
        return tr("its pipeline");
    case Group::Data:
        return tr("everyone else");
    }
    return {};
}

QString groupLabel(Group group) {
    switch (group) {
    case Group::Own:
        return tr("selection");
    case Group::Data:
        return tr("its data-parallel group");
    default:
        return blameLabel(group);
    }
}

QPen blamePen(Group group, bool reached, const Theme& theme) {
    QColor colour = theme.text;
    QPen pen(colour, kOutline, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin);
    switch (group) {
    case Group::Own:
        colour = theme.state(GpuState::Culprit).colour;
        break;
    case Group::Tensor:
        colour = theme.accent;
        break;
    case Group::Context:
        colour = theme.accent;
        pen.setDashPattern({3, 1.5});
        break;
    case Group::Expert:
        colour = mixed(theme.accent, theme.text, kPaler);
        pen.setDashPattern({4, 1.5, 1, 1.5});
        break;
    case Group::Pipeline:
        break;
    case Group::Data:
        colour = theme.state(GpuState::Waiting).colour;
        break;
    }
    if (!reached) {
        colour.setAlpha(kFaintAlpha);
        pen.setDashPattern({1, 2});
    }
    pen.setColor(colour);
    return pen;
}

void paintBlameMark(QPainter& painter, const QRectF& rect, Group group, bool reached, const Theme& theme) {
    if (group == Group::Own) {
        paintSwatch(painter, rect, theme, theme.state(GpuState::Culprit));
        return;
    }
    const QRectF inner = rect.adjusted(2.5, 2.5, -2.5, -2.5);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    if (reached) {
        painter.fillRect(inner, theme.state(GpuState::Waiting).colour);
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(blamePen(group, reached, theme));
    painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5));
    painter.restore();
}

} // namespace atlas::scenes
