#include "widgets/chart_card.h"

#include "widgets/icons.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QMenu>
#include <QMimeData>
#include <QVBoxLayout>

namespace atlas::widgets {

ChartCard::ChartCard(const QString& name, std::unique_ptr<Plot> plot, QWidget* parent)
    : QWidget(parent)
    , m_name(name)
    , m_view(new PlotView(std::move(plot)))
    , m_menu(new QMenu(this))
    , m_head(new CardHead(m_menu, tr("Menu of the chart"), tr("Copy, export, maximise"))) {
    buildMenu();
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(12, 8, 8, 10);
    all->setSpacing(8);
    all->addWidget(m_head);
    all->addWidget(m_view, 1);

    setFocusProxy(m_view);
    m_view->installEventFilter(this);
    m_view->viewport()->installEventFilter(this);
    connect(&m_view->plot(), &Plot::seekRequested, this, &ChartCard::seekRequested);
}

void ChartCard::buildMenu() {
    m_copy = m_menu->addAction(tr("Copy"));
    m_copy->setObjectName(QStringLiteral("copy"));
    m_copy->setShortcut(QKeySequence::Copy);
    m_copy->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(m_copy);
    connect(m_copy, &QAction::triggered, this, &ChartCard::copyToClipboard);
    m_menu->addSeparator();
    const std::pair<ChartFormat, QString> formats[] = {{ChartFormat::Png, tr("Export PNG…")},
                                                       {ChartFormat::Svg, tr("Export SVG…")},
                                                       {ChartFormat::Pdf, tr("Export PDF…")},
                                                       {ChartFormat::Csv, tr("Export data as CSV…")}};
    for (const auto& [format, words] : formats) {
        QAction* action = m_menu->addAction(words);
        action->setObjectName(QStringLiteral("export-") + suffix(format));
        connect(action, &QAction::triggered, this, [this, chosen = format] { emit exportRequested(chosen); });
    }
    m_menu->addSeparator();
    m_maximise = m_menu->addAction(tr("Maximise"));
    m_maximise->setObjectName(QStringLiteral("maximise"));
    m_maximise->setCheckable(true);
    connect(m_maximise, &QAction::triggered, this, &ChartCard::maximiseRequested);
    m_pin = m_menu->addAction(tr("Pin"));
    m_pin->setObjectName(QStringLiteral("pin"));
    m_pin->setCheckable(true);
    connect(m_pin, &QAction::triggered, this, &ChartCard::pinRequested);
}

void ChartCard::setCaption(const Caption& caption) {
    m_head->setCaption(caption);
    m_view->setAccessibleName(caption.title);
    m_view->setAccessibleDescription(m_view->plot().description());
}

void ChartCard::setControls(QWidget* controls) {
    static_cast<QVBoxLayout*>(layout())->insertWidget(1, controls);
}

void ChartCard::setTheme(const Theme& theme) {
    m_theme = std::make_unique<Theme>(theme);
    m_head->setTheme(theme);
    m_view->setTheme(theme);
    dressIcons();
}

void ChartCard::dressIcons() {
    const QColor disabled = mixed(m_theme->panel, m_theme->quietText, 0.6);
    const auto tinted = [&](const char* which) {
        return icon(QLatin1String(which), m_theme->quietText, disabled);
    };
    m_copy->setIcon(tinted("copy"));
    m_maximise->setIcon(tinted(m_maximise->isChecked() ? "restore" : "maximise"));
    m_pin->setIcon(tinted("pin"));
    for (QAction* action : m_menu->actions()) {
        if (action->objectName().startsWith(QLatin1String("export-"))) {
            action->setIcon(tinted("export"));
        }
    }
}

void ChartCard::setMaximised(bool maximised) {
    m_maximise->setChecked(maximised);
    m_maximise->setText(maximised ? tr("Restore") : tr("Maximise"));
    if (m_theme) {
        dressIcons();
    }
}

void ChartCard::setPinned(bool pinned) {
    m_pin->setChecked(pinned);
    m_pin->setText(pinned ? tr("Unpin") : tr("Pin"));
}

PictureOptions ChartCard::pictureOptions() const {
    PictureOptions options;
    options.theme = m_theme ? *m_theme : scenes::loadTheme(scenes::ThemeMode::Light);
    // The proportions of the card, but never smaller than text needs to breathe.
    const QSizeF card = QSizeF(size());
    const double width = std::max(640.0, card.width());
    const double aspect = card.isEmpty() ? 0.55 : std::clamp(card.height() / card.width(), 0.45, 0.75);
    options.size = QSizeF(width, std::round(width * aspect));
    return options;
}

void ChartCard::copyToClipboard() const {
    const PictureOptions options = pictureOptions();
    const Plot& plot = m_view->plot();
    auto* mime = new QMimeData; // the clipboard takes it
    mime->setImageData(chartImage(plot, caption(), options));
    mime->setData(QStringLiteral("image/svg+xml"), chartFile(plot, caption(), options, ChartFormat::Svg));
    const QString tsv = plot.table().tsv();
    mime->setText(tsv);
    mime->setData(QStringLiteral("text/tab-separated-values"), tsv.toUtf8());
    QGuiApplication::clipboard()->setMimeData(mime);
}

void ChartCard::contextMenuEvent(QContextMenuEvent* event) {
    m_menu->popup(event->globalPos());
}

void ChartCard::mouseDoubleClickEvent(QMouseEvent*) {
    m_maximise->trigger();
}

bool ChartCard::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::ContextMenu && (watched == m_view || watched == m_view->viewport())) {
        contextMenuEvent(static_cast<QContextMenuEvent*>(event));
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace atlas::widgets
