#include "widgets/chart_picture.h"

#include <QBuffer>
#include <QFontMetricsF>
#include <QGraphicsScene>
#include <QGuiApplication>
#include <QHashSeed>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QScreen>
#include <QSvgGenerator>
#include <QTextOption>

#include <cmath>

namespace atlas::widgets {

namespace {

/// Draws wrapped text from `top` and returns where it ends.
double drawParagraph(QPainter& painter, const QString& text, const QFont& font, const QColor& colour,
                     double top, double width) {
    if (text.isEmpty()) {
        return top;
    }
    const QFontMetricsF metrics(font);
    QTextOption option(Qt::AlignLeft | Qt::AlignTop);
    option.setWrapMode(QTextOption::WordWrap);
    const QRectF needed = metrics.boundingRect(QRectF(0, 0, width, 1e4), Qt::TextWordWrap, text);
    painter.setFont(font);
    painter.setPen(colour);
    painter.drawText(QRectF(kPictureMargin, top, width, needed.height() + 1), text, option);
    return top + std::ceil(needed.height());
}

template <class Device>
void paintOn(Device& device, const Plot& plot, const Caption& caption, const PictureOptions& options) {
    QPainter painter(&device);
    paintPicture(painter, options.size, plot, caption, options.theme);
}

} // namespace

QString suffix(ChartFormat format) {
    switch (format) {
    case ChartFormat::Png:
        return QStringLiteral("png");
    case ChartFormat::Svg:
        return QStringLiteral("svg");
    case ChartFormat::Pdf:
        return QStringLiteral("pdf");
    case ChartFormat::Csv:
        return QStringLiteral("csv");
    }
    return {};
}

int logicalDpi() {
    const QScreen* screen = QGuiApplication::primaryScreen();
    return screen ? static_cast<int>(std::lround(screen->logicalDotsPerInchY())) : 96;
}

DeterministicHashes::DeterministicHashes() {
    QHashSeed::setDeterministicGlobalSeed();
}

DeterministicHashes::~DeterministicHashes() {
    QHashSeed::resetRandomGlobalSeed();
}

void paintPicture(QPainter& painter, const QSizeF& size, const Plot& plot, const Caption& caption,
                  const Theme& theme) {
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    painter.fillRect(QRectF(QPointF(), size), theme.panel);
    const double width = size.width() - 2 * kPictureMargin;
    double top = kPictureMargin - 2;
    top = drawParagraph(painter, caption.title, theme.font(TextRole::Head), theme.text, top, width);
    top = drawParagraph(painter, caption.subtitle, theme.font(TextRole::Label), theme.quietText, top + 1,
                        width);
    top = drawParagraph(painter, caption.caveat, theme.font(TextRole::Label), theme.warning, top + 1, width);
    double bottom = size.height() - kPictureMargin;
    if (!caption.provenance.isEmpty()) {
        const QFont small = theme.font(TextRole::Label, 0.86);
        const QFontMetricsF metrics(small);
        const QRectF needed =
            metrics.boundingRect(QRectF(0, 0, width, 1e4), Qt::TextWordWrap, caption.provenance);
        bottom -= std::ceil(needed.height()) - 4;
        drawParagraph(painter, caption.provenance, small, theme.quietText, bottom, width);
        bottom -= theme.spacing.small;
    }
    const QRectF body(kPictureMargin, std::ceil(top) + theme.spacing.small, width,
                      std::floor(bottom) - std::ceil(top) - theme.spacing.small);
    if (body.height() < 1 || body.width() < 1) {
        return;
    }
    QGraphicsScene scene;
    // Without an index the scene draws in insertion order, whatever the run.
    scene.setItemIndexMethod(QGraphicsScene::NoIndex);
    std::unique_ptr<Plot> copy = plot.copy();
    Plot* shown = copy.release(); // the scene owns it
    scene.addItem(shown);
    shown->resize(body.size());
    shown->setTheme(theme);
    scene.setSceneRect(QRectF(QPointF(), body.size()));
    scene.render(&painter, body, scene.sceneRect(), Qt::IgnoreAspectRatio);
}

QImage chartImage(const Plot& plot, const Caption& caption, const PictureOptions& options) {
    QImage image((options.size * options.pixelRatio).toSize(), QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(options.pixelRatio);
    image.fill(options.theme.panel);
    paintOn(image, plot, caption, options);
    return image;
}

QByteArray chartFile(const Plot& plot, const Caption& caption, const PictureOptions& options,
                     ChartFormat format) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    switch (format) {
    case ChartFormat::Png: {
        QImage image = chartImage(plot, caption, options).convertToFormat(QImage::Format_RGB32);
        image.setDevicePixelRatio(1);
        image.setText(QStringLiteral("Title"), caption.title);
        image.setText(QStringLiteral("Description"), caption.provenance);
        image.save(&buffer, "PNG");
        break;
    }
    case ChartFormat::Svg: {
        QSvgGenerator svg;
        svg.setOutputDevice(&buffer);
        svg.setResolution(logicalDpi());
        svg.setSize(options.size.toSize());
        svg.setViewBox(QRectF(QPointF(), options.size));
        svg.setTitle(caption.title);
        svg.setDescription(caption.provenance);
        paintOn(svg, plot, caption, options);
        break;
    }
    case ChartFormat::Pdf: {
        const DeterministicHashes sameOrder;
        {
            QPdfWriter pdf(&buffer);
            const double points = 72.0 / logicalDpi();
            pdf.setResolution(logicalDpi());
            pdf.setPageSize(
                QPageSize(options.size * points, QPageSize::Point, QString(), QPageSize::ExactMatch));
            pdf.setPageMargins(QMarginsF());
            pdf.setTitle(caption.title);
            pdf.setCreator(QStringLiteral("Colossus Atlas ") + QStringLiteral(ATLAS_VERSION));
            paintOn(pdf, plot, caption, options);
        }
        return withoutDates(bytes);
    }
    case ChartFormat::Csv:
        return plot.table().csv().toUtf8();
    }
    return bytes;
}

QByteArray withoutDates(QByteArray pdf) {
    const QByteArray key = "/CreationDate (D:";
    const qsizetype at = pdf.indexOf(key);
    if (at >= 0) {
        for (qsizetype i = at + key.size(); i < pdf.size() && pdf[i] != ')'; ++i) {
            if (pdf[i] >= '0' && pdf[i] <= '9') {
                pdf[i] = '0';
            }
        }
        // Month and day count from one.
        pdf[at + key.size() + 5] = '1';
        pdf[at + key.size() + 7] = '1';
        pdf[at + key.size()] = '2';
    }
    return pdf;
}

} // namespace atlas::widgets
