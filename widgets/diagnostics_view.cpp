#include "widgets/diagnostics_view.h"

#include "widgets/format.h"
#include "widgets/icons.h"

#include <QClipboard>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace atlas::widgets {

namespace {

constexpr int kRowsShown = 6;

QString placeText(const SourcePlace& place) {
    QString out = QFileInfo(text(place.file)).fileName();
    if (place.line > 0) {
        out += QStringLiteral(":%1").arg(place.line);
        if (place.column > 0) {
            out += QStringLiteral(":%1").arg(place.column);
        }
    }
    return out;
}

} // namespace

DiagnosticsView::DiagnosticsView(QWidget* parent)
    : QWidget(parent)
    , m_title(new ThemedLabel(TextRole::Strong, Ink::Warning))
    , m_table(new QTableWidget(0, 3))
    , m_copy(new QToolButton)
    , m_close(new QToolButton) {
    setAttribute(Qt::WA_StyledBackground);
    m_title->setObjectName(QStringLiteral("title"));
    m_title->setWordWrap(true);
    m_table->setAccessibleName(tr("Problems of the scenario file"));
    m_table->horizontalHeader()->hide();
    m_table->verticalHeader()->hide();
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setWordWrap(true);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setTabKeyNavigation(false);
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
    m_table->horizontalHeader()->setSectionResizeMode(2, QHeaderView::Stretch);
    m_copy->setToolTip(tr("Copy all problems"));
    m_copy->setAccessibleName(m_copy->toolTip());
    m_close->setToolTip(tr("Close"));
    m_close->setAccessibleName(tr("Close the list of problems"));
    m_close->setObjectName(QStringLiteral("close"));
    auto* head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(m_copy);
    head->addWidget(m_close);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(12, 6, 8, 8);
    all->setSpacing(4);
    all->addLayout(head);
    all->addWidget(m_table);
    connect(m_copy, &QToolButton::clicked, this, &DiagnosticsView::copyToClipboard);
    connect(m_close, &QToolButton::clicked, this, [this] {
        hide();
        emit dismissed();
    });
    connect(m_table, &QTableWidget::cellActivated, this, [this](int row, int) {
        const SourcePlace& place = m_diagnostics[static_cast<std::size_t>(row)].place;
        emit placeActivated(text(place.file), place.line, place.column);
    });
    hide();
}

void DiagnosticsView::setDiagnostics(const QString& file, const Diagnostics& diagnostics) {
    m_file = file;
    m_diagnostics = diagnostics;
    fill();
    setVisible(!diagnostics.empty());
}

void DiagnosticsView::fill() {
    const auto errors = std::ranges::count(m_diagnostics, Severity::Error, &Diagnostic::severity);
    const auto warnings = static_cast<std::ptrdiff_t>(m_diagnostics.size()) - errors;
    const QString name = QFileInfo(m_file).fileName();
    m_title->setText(
        errors > 0 ? tr("%1 was not opened: %2 to mend. What was open stays open.")
                         .arg(name, errors == 1 ? tr("one error") : tr("%1 errors").arg(errors))
                   : tr("%1 was opened with %2")
                         .arg(name, warnings == 1 ? tr("one warning") : tr("%1 warnings").arg(warnings)));
    m_title->setInk(errors > 0 ? Ink::Negative : Ink::Warning);
    m_table->setRowCount(static_cast<int>(m_diagnostics.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const Diagnostic& found = m_diagnostics[static_cast<std::size_t>(row)];
        const bool error = found.severity == Severity::Error;
        const QString cells[] = {placeText(found.place), text(found.message), text(found.remedy)};
        for (int column = 0; column < 3; ++column) {
            auto* item = new QTableWidgetItem(cells[column]);
            item->setToolTip(cells[column]);
            if (m_theme) {
                item->setForeground(column == 1 ? m_theme->text : m_theme->quietText);
                if (column == 0) {
                    item->setIcon(icon(error ? QStringLiteral("error") : QStringLiteral("warning"),
                                       error ? m_theme->negative : m_theme->warning, m_theme->line));
                }
            }
            m_table->setItem(row, column, item);
        }
    }
    m_table->resizeRowsToContents();
    int height = 4;
    for (int row = 0; row < std::min(kRowsShown, m_table->rowCount()); ++row) {
        height += m_table->rowHeight(row);
    }
    m_table->setFixedHeight(height);
}

void DiagnosticsView::setTheme(const Theme& theme) {
    m_theme = std::make_unique<Theme>(theme);
    m_title->setTheme(theme);
    m_table->setFont(theme.font(TextRole::Body));
    m_copy->setIcon(icon(QStringLiteral("copy"), theme.quietText, theme.line));
    m_close->setIcon(icon(QStringLiteral("close"), theme.quietText, theme.line));
    setStyleSheet(
        QStringLiteral("atlas--widgets--DiagnosticsView { background: %1; border-bottom: 1px solid %2 } "
                       "QTableWidget { background: transparent }")
            .arg(theme.raised.name(), theme.line.name()));
    fill();
}

void DiagnosticsView::copyToClipboard() const {
    QGuiApplication::clipboard()->setText(text(atlas::text(m_diagnostics)));
}

} // namespace atlas::widgets
