#include "widgets/assumptions_dialog.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>

namespace atlas::widgets {

AssumptionsDialog::AssumptionsDialog(QWidget* parent)
    : QDialog(parent)
    , m_model(new AssumptionsModel(this))
    , m_proxy(new QSortFilterProxyModel(this))
    , m_view(new QTableView)
    , m_filter(new QLineEdit)
    , m_title(new ThemedLabel(TextRole::Head))
    , m_count(new ThemedLabel(TextRole::Label, Ink::Quiet)) {
    setWindowTitle(tr("Assumptions and sources"));
    m_title->setText(tr("Every number the model stands on"));
    m_proxy->setSourceModel(m_model);
    m_proxy->setFilterKeyColumn(-1);
    m_proxy->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_view->setModel(m_proxy);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(-1, Qt::AscendingOrder);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setShowGrid(false);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setAccessibleName(m_title->text());
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setDefaultSectionSize(26);
    m_view->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_view->horizontalHeader()->setHighlightSections(false);
    m_view->setColumnWidth(AssumptionsModel::Path, 300);
    m_view->setColumnWidth(AssumptionsModel::Value, 120);
    m_view->setColumnWidth(AssumptionsModel::Range, 150);
    m_view->setColumnWidth(AssumptionsModel::GradeColumn, 140);
    m_view->horizontalHeader()->setStretchLastSection(true);
    m_filter->setPlaceholderText(tr("Filter by name, grade or source"));
    m_filter->setAccessibleName(m_filter->placeholderText());
    m_filter->setClearButtonEnabled(true);
    auto* exportButton = new QPushButton(tr("Export CSV…"));
    exportButton->setObjectName(QStringLiteral("export"));
    exportButton->setAutoDefault(false);

    auto* foot = new QHBoxLayout;
    foot->addWidget(m_count, 1);
    foot->addWidget(exportButton);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(16, 14, 16, 12);
    all->setSpacing(8);
    all->addWidget(m_title);
    all->addWidget(m_filter);
    all->addWidget(m_view, 1);
    all->addLayout(foot);
    resize(1000, 600);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& words) {
        m_proxy->setFilterFixedString(words);
        count();
    });
    connect(exportButton, &QPushButton::clicked, this, &AssumptionsDialog::exportRequested);
}

void AssumptionsDialog::setScenario(const scenario::Scenario& scenario) {
    m_model->setRows(assumptionsOf(scenario));
    count();
}

void AssumptionsDialog::setTheme(const Theme& theme) {
    m_title->setTheme(theme);
    m_count->setTheme(theme);
}

void AssumptionsDialog::setFilter(const QString& words) {
    m_filter->setText(words);
}

int AssumptionsDialog::shownRows() const {
    return m_proxy->rowCount();
}

void AssumptionsDialog::count() {
    m_count->setText(tr("%1 of %2 numbers").arg(m_proxy->rowCount()).arg(m_model->rowCount()));
}

} // namespace atlas::widgets
