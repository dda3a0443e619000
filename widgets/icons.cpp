#include "widgets/icons.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QSvgRenderer>

namespace atlas::widgets {
namespace {

QByteArray tinted(const QByteArray& svg, const QColor& colour) {
    return QByteArray(svg).replace("currentColor", colour.name(QColor::HexRgb).toLatin1());
}

class SvgIconEngine : public QIconEngine {
public:
    SvgIconEngine(const QByteArray& svg, const QColor& normal, const QColor& disabled)
        : m_svg(svg)
        , m_normal(normal)
        , m_disabled(disabled) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        QSvgRenderer renderer(tinted(m_svg, mode == QIcon::Disabled ? m_disabled : m_normal));
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        renderer.render(painter, rect);
        painter->restore();
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }

    [[nodiscard]] QIconEngine* clone() const override { return new SvgIconEngine(*this); }

private:
    QByteArray m_svg;
    QColor m_normal;
    QColor m_disabled;
};

} // namespace

QIcon icon(const QString& name, const QColor& normal, const QColor& disabled) {
    QFile file(QStringLiteral(":/atlas/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly)) {
        qFatal("icon %s is not in resources/icons", qPrintable(name));
    }
    return QIcon(new SvgIconEngine(file.readAll(), normal, disabled));
}

} // namespace atlas::widgets
