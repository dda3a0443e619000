#include "app/validity_text.h"

#include "widgets/format.h"

#include <QStringList>

namespace atlas::app {

namespace {

using widgets::text;

QString mark() {
    return text(std::string(validation::kMark)) + QChar(0x2009);
}

} // namespace

QString markedText(const validation::Validity& validity) {
    return validity.inside() ? QString() : mark() + text(validity.words());
}

QString validityHeadline(const Workspace& workspace) {
    const validation::Validity& a = workspace.pane(Side::A).validity;
    const validation::Validity& b = workspace.pane(Side::B).validity;
    const auto factor = [](const validation::Validity& validity) {
        return validity.inside() ? -1.0 : validity.excesses.front().factor;
    };
    return markedText(factor(a) >= factor(b) ? a : b);
}

QString captionCaveat(const Workspace& workspace) {
    const QString a = text(workspace.pane(Side::A).validity.words());
    const QString b = text(workspace.pane(Side::B).validity.words());
    QStringList sides;
    if (!a.isEmpty()) {
        sides << QStringLiteral("A: ") + a;
    }
    if (!b.isEmpty()) {
        sides << QStringLiteral("B: ") + b;
    }
    return sides.isEmpty() ? QString() : mark() + (a == b ? a : sides.join(QStringLiteral(" · ")));
}

QString validityDetail(const Workspace& workspace) {
    QStringList lines;
    for (const Side side : kSides) {
        for (const validation::Excess& excess : workspace.pane(side).validity.excesses) {
            lines << QStringLiteral("%1: %2").arg(QChar(widgets::letter(side))).arg(text(excess.words));
        }
    }
    return lines.join('\n');
}

} // namespace atlas::app
