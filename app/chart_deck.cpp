#include "app/chart_deck.h"

#include <QHBoxLayout>
#include <QSplitter>

namespace atlas::app {

namespace {
constexpr int kSmallestCard = 200;
} // namespace

ChartDeck::ChartDeck(const scenes::Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_splitter(new QSplitter(Qt::Horizontal, this))
    , m_table(new widgets::StrategyTable) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_splitter);
    m_splitter->setHandleWidth(1);
    m_splitter->setChildrenCollapsible(false);

    auto waterfall = std::make_unique<widgets::WaterfallPlot>();
    auto utilisation = std::make_unique<widgets::UtilisationPlot>();
    auto cash = std::make_unique<widgets::CashPlot>();
    m_waterfallPlot = waterfall.get();
    m_utilisationPlot = utilisation.get();
    m_cashPlot = cash.get();
    m_waterfall = addCard(QStringLiteral("waterfall"), std::move(waterfall));
    m_utilisation = addCard(QStringLiteral("utilisation"), std::move(utilisation));
    m_cash = addCard(QStringLiteral("cash"), std::move(cash));
    explainEmptyCharts(m_waterfallPlot, m_utilisationPlot, m_cashPlot);
    m_splitter->addWidget(m_table);
    const QList<int> shares = {440, 300, 300, 560};
    for (int i = 0; i < shares.size(); ++i) {
        m_splitter->widget(i)->setMinimumWidth(kSmallestCard);
        m_splitter->setStretchFactor(i, shares[i]); // resized in proportion
    }
    m_splitter->setSizes(shares);
    setTheme(theme);
}

widgets::ChartCard* ChartDeck::addCard(const QString& name, std::unique_ptr<widgets::Plot> plot) {
    auto* card = new widgets::ChartCard(name, std::move(plot));
    card->setObjectName(QStringLiteral("card-") + name);
    connect(card, &widgets::ChartCard::exportRequested, this,
            [this, card](widgets::ChartFormat format) { emit exportRequested(card, format); });
    connect(card, &widgets::ChartCard::maximiseRequested, this,
            [this, card](bool on) { maximise(card, on); });
    connect(card, &widgets::ChartCard::seekRequested, this, &ChartDeck::seekRequested);
    m_splitter->addWidget(card);
    return card;
}

void ChartDeck::maximise(QWidget* which, bool maximised) {
    for (widgets::ChartCard* card : cards()) {
        card->setVisible(!maximised || card == which);
        card->setMaximised(maximised && card == which);
    }
    m_table->setVisible(!maximised);
}

void ChartDeck::setTheme(const scenes::Theme& theme) {
    for (widgets::ChartCard* card : cards()) {
        card->setTheme(theme);
    }
    m_table->setTheme(theme);
}

void ChartDeck::setWorkspace(const Workspace& workspace) {
    const auto values = waterfallValues(workspace);
    m_waterfallPlot->setValues(values);
    m_waterfall->setCaption(waterfallCaption(workspace, values));
    m_table->setStart(workspace.scenario->start);
    m_table->setSides(QString::fromStdString(workspace.pane(Side::A).choice.strategy),
                      QString::fromStdString(workspace.pane(Side::B).choice.strategy));
}

void ChartDeck::setUtilisation(const Workspace& workspace, const widgets::UtilisationValues& values) {
    m_utilisationPlot->setValues(values);
    m_utilisation->setCaption(utilisationCaption(workspace, values));
}

void ChartDeck::setComparison(const Workspace& workspace, const explore::Comparison& comparison) {
    const auto values = cashValues(workspace, comparison);
    m_cashPlot->setValues(values);
    m_cash->setCaption(cashCaption(workspace, values));
}

void ChartDeck::setTable(const explore::Comparison& comparison) {
    m_table->setComparison(comparison);
}

void ChartDeck::setNow(double timeS) {
    m_utilisationPlot->setNow(timeS);
}

} // namespace atlas::app
